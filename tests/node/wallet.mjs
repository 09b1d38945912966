// A wallet and a verifier others wrote: takes a credential by an offer's link (OpenID4VCI 1.0) and proves it, status list and all.
// Usage: node wallet.mjs LINK TX_CODE; writes what it saw as one JSON object. With a credential on standard input, it only proves that.
// node wallet.mjs LINK --permitted CLIENT REDIRECT writes where its citizen must go, as a line, and goes on with the line that says where they were sent back.
import crypto from 'node:crypto'
import readline from 'node:readline'
import { clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'

setGlobalConfig({ allowInsecureUrls: true })

const encoded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const holder = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = holder.publicKey.export({ format: 'jwk' })

const callbacks = {
  fetch,
  generateRandom: (length) => crypto.randomBytes(length),
  hash: (data, name) => crypto.createHash(name.replace('-', '')).update(data).digest(),
  signJwt: (signer, { header, payload }) => {
    const content = `${encoded(header)}.${encoded(payload)}`
    const signature = crypto.sign('sha256', Buffer.from(content), { key: holder.privateKey, dsaEncoding: 'ieee-p1363' })
    return { jwt: `${content}.${signature.toString('base64url')}`, signerJwk: jwk }
  },
  clientAuthentication: () => {},
}

const verifier = async (issuer) => {
  const where = new URL(issuer)
  const told = await (await fetch(`${where.origin}/.well-known/jwt-vc-issuer${where.pathname}`)).json()
  const proves = (data, signature) => {
    const kid = JSON.parse(Buffer.from(data.split('.')[0], 'base64url')).kid
    const found = told.jwks.keys.find((key) => key.kid === kid)
    if (!found) return false
    const key = { key: crypto.createPublicKey({ key: found, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }
    return crypto.verify('sha256', Buffer.from(data), key, Buffer.from(signature, 'base64url'))
  }
  return new SDJwtVcInstance({
    hasher: (data, name) => new Uint8Array(crypto.createHash(name.replace('-', '')).update(data).digest()),
    verifier: proves,
    statusVerifier: proves,
    statusListFetcher: async (uri) => await (await fetch(uri)).text(),
  })
}

const proven = async (text) => {
  const issuer = JSON.parse(Buffer.from(text.split('.')[1], 'base64url')).iss
  try {
    const { payload } = await (await verifier(issuer)).verify(text)
    return { accepted: true, payload }
  } catch (trouble) {
    return { accepted: false, why: String(trouble.message ?? trouble) }
  }
}

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

// The citizen permits it at the issuer's page: PKCE and a pushed request, as the metadata want it.
const permitted = async (client, { credentialOffer, issuerMetadata }, clientId, redirectUri) => {
  const withClient = new Openid4vciClient({ callbacks: { ...callbacks, clientAuthentication: clientAuthenticationAnonymous() } })
  const { authorizationRequestUrl, authorizationServer, pkce } = await withClient.initiateAuthorization({
    credentialOffer,
    issuerMetadata,
    clientId,
    redirectUri,
    scope: credentialOffer.credential_configuration_ids.join(' '),
  })
  console.log(authorizationRequestUrl)
  const url = (await lines.next()).value
  const metadata = issuerMetadata.authorizationServers.find((one) => one.issuer === authorizationServer)
  const answer = withClient.parseAndVerifyAuthorizationResponseRedirectUrl({ url, authorizationServerMetadata: metadata })
  if (answer.error) throw new Error(`not permitted: ${answer.error}`)
  return await withClient.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: answer.code,
    pkceCodeVerifier: pkce.codeVerifier,
    redirectUri,
    additionalRequestPayload: { client_id: clientId },
  })
}

const taken = async (link, txCode, clientId, redirectUri) => {
  const client = new Openid4vciClient({ callbacks })
  const credentialOffer = await client.resolveCredentialOffer(link)
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const { accessTokenResponse } =
    txCode === '--permitted'
      ? await permitted(client, { credentialOffer, issuerMetadata }, clientId, redirectUri)
      : await client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode })
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata })
  const credentialConfigurationId = credentialOffer.credential_configuration_ids[0]
  const { jwt } = await client.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId,
    nonce,
    signer: { method: 'jwk', publicJwk: jwk, alg: 'ES256' },
  })
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    accessToken: accessTokenResponse.access_token,
    credentialConfigurationId,
    proofs: { jwt: [jwt] },
  })
  await client.sendNotification({
    issuerMetadata,
    accessToken: accessTokenResponse.access_token,
    notification: { notificationId: credentialResponse.notification_id, event: 'credential_accepted' },
  })
  return credentialResponse.credentials[0].credential
}

const [link, ...rest] = process.argv.slice(2)
const text = link ? await taken(link, ...rest) : (await lines.next()).value
console.log(JSON.stringify({ credential: text, ...(await proven(text.trim())) }))
process.exit(0)
