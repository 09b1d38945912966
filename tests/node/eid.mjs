// A certified OpenID Connect provider (oidc-provider), set up as the country's e-ID is: whoever asks in a header is signed in, and grants or refuses.
// Usage: node eid.mjs PORT CONFIGURATION.json
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";
import { lying, newKey } from "./lying.mjs";

const [port, file] = process.argv.slice(2);
const { clients, names, lies, slowSeconds } = JSON.parse(readFileSync(file, "utf8"));
const LEVELS = ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"];
const issuer = `http://127.0.0.1:${port}`;
const ec = newKey("ec");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const pairwise = (id, client) => `pair-${client.clientId}-${Number(id) * 7}`;
const claimsOf = (id) => ({
  name: names[id],
  birthdate: "1970-01-01",
  // Not verified: no personal number is told.
  ...(lies[id] === "unverified" ? {} : { individual_id: id }),
});

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [ec, { ...rsa, kid: "rsa", use: "sig" }] },
  acrValues: LEVELS,
  claims: { openid: ["sub"], insured: ["individual_id", "name", "birthdate"], acr: null, auth_time: null, sid: null },
  clientAuthMethods: ["private_key_jwt"],
  responseTypes: ["code"],
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: (_ctx, id, client) => pairwise(id, client),
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...claimsOf(id) }),
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
  // The provider calls no address of its own machine; the tests have no other.
  fetch: (url, { dispatcher: _guard, ...options }) => fetch(url, options),
});

const known = (id, client) => ({ sub: pairwise(id, client), ...claimsOf(id) });
provider.use(lying({ lies, key: ec, known, slowSeconds }));
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  let result;
  const number = ctx.get("x-number");
  if (ctx.get("x-decision") === "refuse" || lies[number] === "refuses") {
    result = { error: "access_denied" };
  } else if (prompt.name === "login") {
    const acr = lies[number] === "weaker" ? LEVELS[0] : params.acr_values?.split(" ")[0];
    result = { login: { accountId: number, acr } };
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
// A message that found nobody is said in the log: its test only sees that none came.
provider.on("backchannel.error", (_ctx, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1");
