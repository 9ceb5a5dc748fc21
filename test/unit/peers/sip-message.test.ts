import { answerChallenge, readRequest, readResponse, writeRequest, writeResponse } from "../../e2e/peers/sip-message";

test("the digest answers of RFC 7616 §3.9.1 are reproduced, MD5 and SHA-256", () => {
  const credentials = { user: "Mufasa", password: "Circle of Life", method: "GET", uri: "/dir/index.html" };
  const challenge = (algorithm: string): string =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  expect(answerChallenge(challenge("MD5"), credentials, cnonce)).toContain('"8ca523f5e9506fed4657c9700eebdbec"');
  expect(answerChallenge(challenge("SHA-256"), credentials, cnonce)).toContain(
    '"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
  );
});

test("a challenge without qop gets the old answer (RFC 2617 §3.2.2)", () => {
  const credentials = { user: "bob", password: "zanzibar", method: "INVITE", uri: "sip:bob@biloxi.com" };
  const challenge = 'Digest realm="biloxi.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
  const answer = answerChallenge(challenge, credentials);
  expect(answer).toContain('response="bf57e4e0d0bffc0fbaedce64d59add5e"');
  expect(answer).not.toContain("cnonce");
});

test("other schemes and algorithms are refused", () => {
  const credentials = { user: "a", password: "b", method: "REGISTER", uri: "sip:x" };
  expect(() => answerChallenge("Basic realm=x", credentials)).toThrow("not a digest challenge");
  expect(() => answerChallenge("Digest realm=x, algorithm=AKAv1-MD5", credentials)).toThrow("AKAv1-MD5");
});

test("a request carries what it was given, byte-counted, and a response is read back", () => {
  const parties = {
    uri: "sip:1&PJSIP%2f0@x",
    from: "<sip:a@x>;tag=1",
    to: "<sip:b@x>",
    callId: "c",
    via: "192.0.2.1:5",
  };
  const text = writeRequest({ method: "INVITE", ...parties, sequence: 7, branch: "b", body: "é" }).toString();
  expect(text).toMatch(
    /^INVITE sip:1&PJSIP%2f0@x SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP 192\.0\.2\.1:5;branch=z9hG4bKb;rport\r\n/,
  );
  expect(text).toContain("\r\nCSeq: 7 INVITE\r\nContent-Length: 2\r\n\r\né");

  const response = readResponse(Buffer.from("SIP/2.0 401 Unauthorized\r\nVia: a\r\nVIA: b:c\r\n\r\nbody: no"));
  expect(response).toEqual({
    status: 401,
    reason: "Unauthorized",
    headers: new Map([["via", ["a", "b:c"]]]),
    body: "body: no",
  });
  expect(readResponse(Buffer.from("OPTIONS sip:x SIP/2.0\r\n\r\n"))).toBeUndefined();
});

test("an answer repeats what its request says, and is read back", () => {
  const [uri, from, to] = ["sip:a@x", "<sip:b@x>;tag=1", "<sip:a@x>"];
  const request = { method: "INVITE", uri, from, to, callId: "c", sequence: 7, branch: "d", via: "x:1", body: "offer" };
  const received = readRequest(writeRequest(request));
  if (received === undefined) throw new Error("the request cannot be read back");
  expect(received).toMatchObject({ method: "INVITE", uri, body: "offer" });
  const response = readResponse(writeResponse(received, 302, "Moved", { Contact: "<sip:z@x>" }, "answer"));
  expect(response).toMatchObject({ status: 302, reason: "Moved", body: "answer" });
  expect(response?.headers.get("cseq")).toEqual(["7 INVITE"]);
  expect(response?.headers.get("to")).toEqual(["<sip:a@x>;tag=answer"]);
  expect(readRequest(Buffer.from("SIP/2.0 200 OK\r\n\r\n"))).toBeUndefined();
});
