"""Stands for AWS around one instance: moto's S3 and Secrets Manager behind a judge of signatures and rights, and IMDSv2.

cloud.py ADDRESS CERTIFICATE METADATA…: serves https://ADDRESS/ and the metadata at each address METADATA, prints `ready`, then obeys one line of
JSON after the other and answers each with one.
"""

import base64
import fnmatch
import io
import json
import ssl
import sys
import threading
from wsgiref.util import request_uri

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION = "eu-central-1"
ROLE = Credentials("ASIAHOST", "secret-key-of-the-host", "session-token-of-the-host")
PLAIN = 8080
ACTIONS = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject"}

statements: list = []
files: dict = {}
asked: list = []
fault = {"kind": None, "path": None}


def refusal(status, code):
    return status, [("Content-Type", "application/xml")], f"<Error><Code>{code}</Code></Error>".encode()


def body_of(environ):
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def signed_by_the_host(environ, body, service):
    """Whether AWS's own library, given the host's keys, makes the same signature."""
    sent = environ["HTTP_AUTHORIZATION"]
    names = sent.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    plain = {"content-type": "CONTENT_TYPE"}
    headers = {name: environ.get(plain.get(name, "HTTP_" + name.upper().replace("-", "_")), "") for name in names}
    request = AWSRequest(environ["REQUEST_METHOD"], request_uri(environ), headers=headers, data=body)
    request.context["timestamp"] = headers["x-amz-date"]
    auth = (S3SigV4Auth if service == "s3" else SigV4Auth)(ROLE, service, REGION)
    proof = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return sent.endswith(f"Signature={proof}") and headers.get("x-amz-security-token") == ROLE.token


def wanted(environ, body, service):
    """Action and resource, in IAM's words."""
    if service == "s3":
        return ACTIONS.get(environ["REQUEST_METHOD"], "s3:?"), "arn:aws:s3:::" + environ["PATH_INFO"].lstrip("/")
    return environ["HTTP_X_AMZ_TARGET"].replace(".", ":"), json.loads(body)["SecretId"]


def allowed(action, resource):
    def matches(patterns, word):
        return any(fnmatch.fnmatchcase(word, p) for p in ([patterns] if isinstance(patterns, str) else patterns))

    return any(matches(s["Action"], action) and matches(s["Resource"], resource) for s in statements)


def through_moto(environ):
    """moto's answer, whole."""
    told = {}

    def start(status, headers, *_):
        told.update(status=status, headers=headers)

    content = b"".join(moto(environ, start))
    return told["status"], told["headers"], content


def judged(environ):
    sent = environ.get("HTTP_AUTHORIZATION", "")
    if not sent:
        return refusal("403 Forbidden", "AccessDenied")
    service = sent.partition("Credential=")[2].split("/")[3]
    body = body_of(environ)
    action, resource = wanted(environ, body, service)
    asked.append(f"{action} {resource}")
    if fault["kind"] == "outage" and service == "s3":
        return refusal("503 Service Unavailable", "ServiceUnavailable")
    if not signed_by_the_host(environ, body, service):
        return refusal("403 Forbidden", "SignatureDoesNotMatch")
    if not allowed(action, resource):
        return refusal("403 Forbidden", "AccessDenied")
    environ["wsgi.input"] = io.BytesIO(body)
    return through_moto(environ)


def aws(environ, start):
    status, headers, content = judged(environ)
    half = fault["kind"] == "half" and environ["PATH_INFO"].endswith(fault["path"])
    start(status, [(n, v) for n, v in headers if n.lower() != "content-length"] + [("Content-Length", str(len(content)))])
    return [content[: len(content) // 2] if half else content]


def instance(environ, start):
    """IMDSv2, and the packages that the user data fetches."""
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    keys = {"Code": "Success", "AccessKeyId": ROLE.access_key, "SecretAccessKey": ROLE.secret_key, "Token": ROLE.token}
    facts = {
        "iam/security-credentials/": "host-role",
        "iam/security-credentials/host-role": json.dumps(keys),
        "instance-id": "i-0123456789abcdef0",
        "placement/region": REGION,
        "services/domain": "amazonaws.com",
    }
    if path in files:
        status, content = "200 OK", files[path]
    elif path == "/latest/api/token":
        status, content = ("200 OK", b"imds-token") if method == "PUT" else ("405 Method Not Allowed", b"")
    elif environ.get("HTTP_X_AWS_EC2_METADATA_TOKEN") != "imds-token":
        status, content = "401 Unauthorized", b""
    else:
        fact = facts.get(path.partition("/latest/meta-data/")[2])
        status, content = ("200 OK", fact.encode()) if fact is not None else ("404 Not Found", b"")
    start(status, [("Content-Length", str(len(content)))])
    return [content]


def client(service):
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=f"http://127.0.0.1:{PLAIN}",
        aws_access_key_id="owner",
        aws_secret_access_key="owner",
    )


def make_bucket(bucket):
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})


def put_object(bucket, key, body):
    client("s3").put_object(Bucket=bucket, Key=key, Body=base64.b64decode(body))


def get_object(bucket, key):
    return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def list_objects(bucket, prefix):
    return [found["Key"] for found in client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def make_secret(name):
    return client("secretsmanager").create_secret(Name=name)["ARN"]


def put_secret(secret, text):
    return client("secretsmanager").put_secret_value(SecretId=secret, SecretString=text)["VersionId"]


def allow(more):
    statements.extend(more)


def serve_file(path, body):
    files[path] = base64.b64decode(body)


def break_it(kind, path=None):
    fault.update(kind=kind, path=path)


def what_was_asked():
    seen = list(asked)
    asked.clear()
    return seen


ORDERS = {
    f.__name__: f
    for f in (
        make_bucket,
        put_object,
        get_object,
        list_objects,
        make_secret,
        put_secret,
        allow,
        serve_file,
        break_it,
        what_was_asked,
    )
}


def serve(address, port, app, context=None):
    server = make_server(address, port, app, threaded=True, ssl_context=context)
    threading.Thread(target=server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    address, certificate, *metadata = sys.argv[1:]
    moto = DomainDispatcherApplication(create_backend_app)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    serve(address, 443, aws, context)
    serve("127.0.0.1", PLAIN, moto)
    for one in metadata:
        serve(one, 80, instance)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"answer": ORDERS[order["do"]](*order["with"])}
        except Exception as problem:  # the test is told, and fails there
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)
