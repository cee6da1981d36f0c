# SPDX-License-Identifier: Apache-2.0
"""nginx with the same bytes, and Fastify with pg doing the same work, at doors like ours.

nginx has a worker for each processor, as its manual advises and as our threads are, no log, and its files open."""
import hashlib
import json
import os
import pathlib
import pwd
import shutil
import ssl
import subprocess

import load

HERE = pathlib.Path(__file__).parent
NGINX = """worker_processes auto; daemon off; pid {top}/nginx.pid; error_log {top}/nginx.log; {user}
events {{ worker_connections 20000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=1000; keepalive_requests 10000000;
  client_body_temp_path {top}/body; proxy_temp_path {top}/proxy; fastcgi_temp_path {top}/fcgi;
  uwsgi_temp_path {top}/uwsgi; scgi_temp_path {top}/scgi; types {{ }} default_type application/jose+json;
  server {{
    listen 127.0.0.1:{port} ssl backlog=4096; root {top}/root;
    ssl_certificate {cert}; ssl_certificate_key {key}; ssl_client_certificate {ca}; ssl_verify_client on;
    ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256; ssl_session_tickets on;
    ssl_session_cache shared:s:10m;
  }}
}}
"""
TABLES = """CREATE TABLE devices (fingerprint text PRIMARY KEY, device_id text NOT NULL);
CREATE TABLE dispensers (dispenser_id text PRIMARY KEY, version bigint NOT NULL, last_seq bigint NOT NULL,
  seen_ms bigint NOT NULL);
CREATE TABLE schedules (dispenser_id text, version bigint, document text, PRIMARY KEY (dispenser_id, version));
CREATE TABLE events (dispenser_id text, seq bigint, event_id text, at_ms bigint, received_ms bigint,
  type text, serial text, cause text, PRIMARY KEY (dispenser_id, seq));"""


def certificate_of_server(house):
    """A server certificate from the house's own CA for the peers: P-256 like ours."""
    folder = house.top / "peer"
    folder.mkdir(exist_ok=True)
    key, cert = folder / "key.pem", folder / "cert.pem"
    if not cert.exists():
        keys = house.state / "keys"
        (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=peer", "-keyout", key, "-out", folder / "csr"], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", folder / "csr", "-CA", keys / "ca.pem", "-CAkey",
                        keys / "ca.key", "-CAcreateserial", "-CAserial", folder / "serial", "-days", "30",
                        "-extfile", folder / "ext", "-out", cert], check=True, capture_output=True)
    return folder, key, cert


class Nginx:
    """The schedule as a file."""

    name = "nginx"
    tag = None

    def __init__(self, house, schedule):
        program = load.debian_program("nginx", "usr/sbin/nginx", load.program_folder())
        if program is None:
            raise FileNotFoundError("nginx (Debian)")
        top, key, cert = certificate_of_server(house)
        file = top / "root/v1/dispensers/d-1/schedule"
        file.parent.mkdir(parents=True)
        file.write_bytes(schedule)
        top.chmod(0o755)
        self.port = load.free_port()
        user = "user root;" if os.getuid() == 0 else ""
        (top / "nginx.conf").write_text(NGINX.format(top=top, port=self.port, key=key, cert=cert, user=user,
                                                     ca=house.ca))
        self.process = subprocess.Popen([program, "-c", top / "nginx.conf", "-p", top],
                                        stderr=subprocess.DEVNULL)
        load.wait_for_port(self.port, self.process)
        self.address = f"127.0.0.1:{self.port}"
        self.family = load.Family(self.process.pid)

    def close(self):
        self.process.terminate()
        self.process.wait(20)


class Fastify:
    """A service as many would write it, on the same PostgreSQL."""

    name = "fastify+pg"
    tag = '"v1"'
    seq = 0

    def __init__(self, house, schedule):
        top, key, cert = certificate_of_server(house)
        if not (HERE / "node_modules/fastify").exists() or shutil.which("node") is None:
            raise FileNotFoundError("fastify, pg (npm), node")
        house.sql("CREATE DATABASE peer")
        house.sql(TABLES, "peer")
        for name, device in house.devices.items():
            der = ssl.PEM_cert_to_DER_cert(pathlib.Path(device["pem"]).read_text())
            house.sql(f"INSERT INTO devices VALUES ('{hashlib.sha256(der).hexdigest()}', '{name}');"
                      f"INSERT INTO dispensers VALUES ('{name}', 1, 0, 0)", "peer")
        house.sql(f"INSERT INTO schedules VALUES ('d-1', 1, '{schedule.decode()}')", "peer")
        self.port = load.free_port()
        told = {"port": self.port, "key": str(key), "cert": str(cert), "ca": str(house.ca),
                "socket": (house.base() / "socket").read_text(), "user": "rolwacht_owner", "database": "peer"}
        self.process = subprocess.Popen(["node", HERE / "peer.mjs", json.dumps(told)],
                                        env={**os.environ, "NODE_ENV": "production",
                                             "USER": pwd.getpwuid(os.getuid()).pw_name},
                                        stdout=subprocess.DEVNULL)
        load.wait_for_port(self.port, self.process)
        self.address = f"127.0.0.1:{self.port}"
        self.family = load.Family(self.process.pid, house.database_pid())

    def close(self):
        self.process.terminate()
        self.process.wait(20)


class Ours:
    """The service itself."""

    name = "ours"
    tag = '"v1"'
    seq = 0  # of the events that it has from each dispenser

    def __init__(self, house):
        self.follow(house)

    def follow(self, house):
        """Also after it was started again."""
        self.process = house.process
        self.address = house.machines
        self.family = load.Family(house.process.pid, house.database_pid())
