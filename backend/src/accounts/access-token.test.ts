import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { createAccessTokens } from "./access-token.ts";

const secret = "a-key-for-tests-that-nobody-else-knows-1";
const older = "an-older-key-for-tests-that-still-counts";
const nowMs = Date.parse("2026-11-22T12:00:00Z");
const seconds = nowMs / 1_000;
const tokens = createAccessTokens([secret, older], () => nowMs);
const claims = { userId: "u", sessionId: "s", epoch: 3 };

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const good = await tokens.make(claims);
const [head = "", body = "", signature = ""] = good.split(".");
const header = JSON.parse(Buffer.from(head, "base64url").toString());
const payload = JSON.parse(Buffer.from(body, "base64url").toString());

const hmac = (algorithm: string, key: string, text: string) =>
  createHmac(algorithm, key).update(text).digest("base64url");
function forge(changes: {
  header?: object;
  payload?: object;
  key?: string;
  algorithm?: string;
}): string {
  const text = `${encode({ ...header, ...changes.header })}.${encode({ ...payload, ...changes.payload })}`;
  return `${text}.${hmac(changes.algorithm ?? "sha256", changes.key ?? secret, text)}`;
}

test("a token says who, in which session and epoch", async () => {
  expect(await tokens.read(good)).toEqual({ userId: "u", sessionId: "s", epoch: 3 });
  expect(await tokens.read(forge({}))).toEqual({ userId: "u", sessionId: "s", epoch: 3 });
  expect(header).toMatchObject({
    alg: "HS256",
    typ: "at+jwt",
    kid: expect.stringMatching(/^[0-9a-f]{8}$/),
  });
});

test("tokens of the older secret still count while secrets are changed", async () => {
  const before = createAccessTokens([older], () => nowMs);
  expect(await tokens.read(await before.make(claims))).not.toBeNull();
  expect(await before.read(good)).toBeNull();
});

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const signed = (text: string) =>
  `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
const otherKey = "another-key-that-is-long-enough-for-hs256";

const attacks: [string, string | Promise<string>][] = [
  ["no signature", `${head}.${body}.`],
  ["alg none", `${encode({ ...header, alg: "none" })}.${body}.`],
  ["alg None, signed", forge({ header: { alg: "None" } })],
  ["alg nOnE without kid", `${encode({ alg: "nOnE", typ: "at+jwt" })}.${body}.`],
  ["HS384", forge({ header: { alg: "HS384" }, algorithm: "sha384" })],
  ["HS512", forge({ header: { alg: "HS512" }, algorithm: "sha512" })],
  ["RS256", signed(`${encode({ ...header, alg: "RS256" })}.${body}`)],
  [
    "RS256 with the key in the head",
    signed(
      `${encode({ ...header, alg: "RS256", jwk: publicKey.export({ format: "jwk" }) })}.${body}`,
    ),
  ],
  ["a public key as HMAC key", forge({ key: pem })],
  ["another key", forge({ key: otherKey })],
  ["an empty key", forge({ key: "" })],
  ["another key named by kid", forge({ header: { kid: otherKey }, key: otherKey })],
  ["kid as a path", forge({ header: { kid: "../../../dev/null" }, key: "" })],
  ["kid as SQL", forge({ header: { kid: "' union select 'x" }, key: "x" })],
  ["kid of the prototype", forge({ header: { kid: "__proto__" }, key: "" })],
  ["kid missing", forge({ header: { kid: undefined } })],
  ["jku elsewhere", forge({ header: { jku: "https://evil.example/keys" }, key: otherKey })],
  ["x5u elsewhere", forge({ header: { x5u: "https://evil.example/x" }, key: otherKey })],
  ["an unknown critical header", forge({ header: { crit: ["admin"], admin: true } })],
  ["unencoded payload", forge({ header: { b64: false, crit: ["b64"] } })],
  ["another type", forge({ header: { typ: "JWT" } })],
  ["a refresh token's type", forge({ header: { typ: "rt+jwt" } })],
  ["another issuer", forge({ payload: { iss: "evil" } })],
  ["another audience", forge({ payload: { aud: "someone-else" } })],
  ["no audience", forge({ payload: { aud: undefined } })],
  ["expired", forge({ payload: { exp: seconds - 60 } })],
  ["no expiry", forge({ payload: { exp: undefined } })],
  ["expiry as text", forge({ payload: { exp: `${seconds + 600}` } })],
  ["not valid yet", forge({ payload: { nbf: seconds + 60 } })],
  ["no session", forge({ payload: { sid: undefined } })],
  ["a session that is no text", forge({ payload: { sid: { $ne: null } } })],
  ["an epoch as text", forge({ payload: { epoch: "3" } })],
  ["no user", forge({ payload: { sub: undefined } })],
  ["another payload", `${head}.${encode({ ...payload, sub: "admin" })}.${signature}`],
  ["bytes after the signature", `${good}AAAA`],
  ["a fourth part", `${good}.x`],
  ["two tokens", `${good},${good}`],
  ["a space", `${good} `],
  ["padding", `${good}=`],
  ["a shorter signature", good.slice(0, -4)],
  ["an empty head", `.${body}.${signature}`],
  ["a head that is no JSON", `${encode("{")}.${body}.${signature}`],
  [
    "an array as payload",
    (() => {
      const text = `${head}.${encode([])}`;
      return `${text}.${hmac("sha256", secret, text)}`;
    })(),
  ],
  ["nothing", ""],
  ["only dots", ".."],
  ["JWE", "a.b.c.d.e"],
  [
    "a token of another service with the same key",
    new SignJWT({ sid: "s", epoch: 3 })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject("u")
      .setExpirationTime(seconds + 600)
      .sign(new TextEncoder().encode(secret)),
  ],
];
test.each(attacks)("%s is refused", async (_what, token) => {
  expect(await tokens.read(await token)).toBeNull();
});

test("changing any one character of the signature is refused", async () => {
  for (let i = 0; i < signature.length; i++) {
    const changed =
      signature.slice(0, i) + (signature[i] === "A" ? "B" : "A") + signature.slice(i + 1);
    expect(await tokens.read(`${head}.${body}.${changed}`)).toBeNull();
  }
});
