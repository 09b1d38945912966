// A certified OpenID Connect provider (oidc-provider), set up as the country's e-ID is: whoever asks in a header is signed in, and grants or refuses.
// Usage: node eid.mjs PORT CONFIGURATION.json
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const [port, file] = process.argv.slice(2);
const { clients, names } = JSON.parse(readFileSync(file, "utf8"));
const issuer = `http://127.0.0.1:${port}`;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...ec, kid: "ec", use: "sig" }, { ...rsa, kid: "rsa", use: "sig" }] },
  acrValues: ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
  claims: { openid: ["sub"], insured: ["individual_id", "name", "birthdate"], acr: null, auth_time: null, sid: null },
  clientAuthMethods: ["private_key_jwt"],
  responseTypes: ["code"],
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_ctx, id, client) => `pair-${client.clientId}-${Number(id) * 7}`,
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, individual_id: id, name: names[id], birthdate: "1970-01-01" }),
  }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
  },
  cookies: { keys: ["only for tests"] },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  let result;
  if (ctx.get("x-decision") === "refuse") {
    result = { error: "access_denied" };
  } else if (prompt.name === "login") {
    const acr = params.acr_values?.split(" ")[0];
    result = { login: { accountId: ctx.get("x-number"), acr: ctx.get("x-acr") || acr } };
  } else {
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(" "));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    result = { consent: { grantId: await grant.save() } };
  }
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
});
provider.listen(Number(port), "127.0.0.1");
