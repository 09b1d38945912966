// What the certified provider said, changed on its way out for the numbers that call for a lie: the sandbox e-ID's lies, told by a provider we did not write.
import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { CompactEncrypt, SignJWT, decodeJwt, importJWK } from "jose";

const ELSEWHERE = "https://another-eid.example";
const LONG_AGO = 3_600;

/** Return a new private key for ES256. */
export const newKey = (kid) => ({
  ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }),
  kid,
  use: "sig",
});

const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
const signed = async (claims, key) =>
  new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: key.kid, typ: "JWT" }).sign(await importJWK(key, "ES256"));

// By hand: libraries refuse to sign with a public key, for good reason.
function symmetric(claims, key) {
  const content = `${part({ alg: "HS256", kid: key.kid, typ: "JWT" })}.${part(claims)}`;
  const everybodyHas = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" });
  return `${content}.${createHmac("sha256", everybodyHas).update(content).digest("base64url")}`;
}

const ID_TOKENS = {
  nonce: (said, key) => signed({ ...said, nonce: "another" }, key),
  audience: (said, key) => signed({ ...said, aud: "another-client" }, key),
  expired: (said, key) => signed({ ...said, iat: said.iat - 2 * LONG_AGO, exp: said.iat - LONG_AGO }, key),
  issuer: (said, key) => signed({ ...said, iss: ELSEWHERE }, key),
  unsigned: (said) => `${part({ alg: "none", typ: "JWT" })}.${part(said)}.`,
  symmetric,
  forged: (said, key) => signed(said, newKey(key.kid)),
  rotated: (said, _key, fresh) => signed(said, fresh),
};
const PEOPLE = {
  swapped: (said) => ({ ...said, sub: "somebody-else" }),
  anothers: (said) => ({ ...said, aud: "another-client" }),
  bare: (said) => said,
};
const RESPONSES = { mixed_up: ELSEWHERE, silent: "" };

/** Return the middleware that tells lies: `lies` says which number calls for which, `key` is the provider's own, `known` what it tells about a number. */
export function lying({ lies, key, known, slowSeconds }) {
  const published = [];

  async function tokens(ctx, lie) {
    if (lie === "slow") await pause(slowSeconds * 1_000);
    if (lie === "broken") [ctx.status, ctx.body] = [500, "broken"];
    if (!(lie in ID_TOKENS)) return;
    const fresh = newKey(`ec-${published.length + 1}`);
    if (lie === "rotated") published.push({ ...createPublicKey({ key: fresh, format: "jwk" }).export({ format: "jwk" }), kid: fresh.kid, use: "sig" });
    ctx.body = { ...ctx.body, id_token: await ID_TOKENS[lie](decodeJwt(ctx.body.id_token), key, fresh) };
  }

  async function person(ctx, lie) {
    if (!(lie in PEOPLE)) return;
    const { account, client, issuer } = ctx.oidc;
    const said = PEOPLE[lie]({ ...known(account.accountId, client), iss: issuer, aud: client.clientId });
    const theirs = client.jwks.keys.find(({ use }) => use === "enc");
    const closed = async () =>
      new CompactEncrypt(Buffer.from(await signed(said, key)))
        .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", cty: "JWT", kid: theirs.kid })
        .encrypt(await importJWK(theirs, "ECDH-ES"));
    [ctx.type, ctx.body] = lie === "bare" ? ["application/json", JSON.stringify(said)] : ["application/jwt", await closed()];
  }

  function response(ctx, lie) {
    if (!(lie in RESPONSES)) return;
    const address = new URL(ctx.response.get("location"), ctx.oidc.issuer);
    if (!address.searchParams.has("iss")) return;
    address.searchParams.delete("iss");
    if (RESPONSES[lie]) address.searchParams.set("iss", RESPONSES[lie]);
    ctx.set("location", address.href);
  }

  return async (ctx, next) => {
    await next();
    const lie = lies[ctx.oidc?.account?.accountId];
    if (ctx.path === "/token") await tokens(ctx, lie);
    if (ctx.path === "/me") await person(ctx, lie);
    if (ctx.path.startsWith("/auth/") && ctx.response.get("location")) response(ctx, lie);
    if (ctx.path === "/jwks") ctx.body = { keys: [...ctx.body.keys, ...published] };
  };
}
