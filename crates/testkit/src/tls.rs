//! A PostgreSQL server that speaks TLS only, on loopback, with certificates made for it: for the tests of that.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::cluster::{self, User};

/// How long the server may take to come up.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The server; it ends when it is dropped. Its certificate bears the name `localhost`.
#[derive(Debug)]
pub struct TlsServer {
    child: Child,
    port: u16,
    dir: PathBuf,
    _folder: TempDir,
}

impl TlsServer {
    /// Starts one; `None` after saying what is missing.
    ///
    /// # Panics
    /// When it does not start; when PostgreSQL or openssl is missing and `BIHUAN_REQUIRE_ALL=1`.
    pub fn start() -> Option<TlsServer> {
        let Some(bin) = cluster::programs() else { return crate::missing("PostgreSQL is not installed") };
        if crate::on_path("openssl").is_none() {
            return crate::missing("openssl is not installed");
        }
        let user = cluster::user().expect("a user for PostgreSQL");
        let folder = TempDir::with_prefix("bihuan-tls-").expect("a temporary folder");
        let dir = folder.path().join("server");
        open_to_all(folder.path());
        cluster::make_folder(&dir, user).expect("a folder for the server");
        cluster::make_data(&bin, &dir, user).expect("a data folder");
        certificates(&dir, user);
        std::fs::write(
            dir.join("data/pg_hba.conf"),
            "local all all trust\nhostssl all all 127.0.0.1/32 trust\n",
        )
        .expect("pg_hba.conf");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let mut server = cluster::command(&bin.join("postgres"), &dir, user);
        server.arg("-D").arg(dir.join("data")).arg("-k").arg(&dir).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "ssl=on", "fsync=off", "max_connections=30"] {
            server.arg("-c").arg(setting);
        }
        for (name, file) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key")] {
            server.arg("-c").arg(format!("{name}={}", dir.join(file).display()));
        }
        let child = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("postgres starts");
        let started = TlsServer { child, port, dir, _folder: folder };
        started.wait();
        Some(started)
    }

    /// An address by the given host name, with parameters such as `sslmode=require`.
    pub fn url(&self, host: &str, parameters: &str) -> String {
        format!("postgres://bihuan@{host}:{}/postgres?{parameters}", self.port)
    }

    /// The root that vouches for the server.
    pub fn root(&self) -> PathBuf {
        self.dir.join("ca.crt")
    }

    /// A root that vouches for nobody here.
    pub fn other_root(&self) -> PathBuf {
        self.dir.join("other.crt")
    }

    fn wait(&self) {
        let socket = self.dir.to_string_lossy().replace('/', "%2F");
        let url = format!("postgres://bihuan@{socket}:{}/postgres", self.port);
        let deadline = Instant::now() + START_LIMIT;
        while Client::connect(&url, NoTls).is_err() {
            assert!(Instant::now() < deadline, "the server with TLS did not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        // A quick shutdown; whatever it cannot do, the folder goes.
        let asked = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

/// The server's user has to pass through the folder.
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("the folder is opened");
}

/// A root, another root, and a certificate of the server for `localhost` under the first.
fn certificates(dir: &Path, user: User) {
    std::fs::write(dir.join("names"), "subjectAltName=DNS:localhost\n").expect("a file of names");
    for (name, subject) in [("ca", "/CN=bihuan test root"), ("other", "/CN=bihuan other root")] {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.crt"));
        openssl(
            dir,
            user,
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                subject,
                "-keyout",
                &key,
                "-out",
                &certificate,
            ],
        );
    }
    openssl(
        dir,
        user,
        &[
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
        ],
    );
    openssl(
        dir,
        user,
        &[
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "names",
            "-out",
            "server.crt",
        ],
    );
}

fn openssl(dir: &Path, user: User, arguments: &[&str]) {
    let program = crate::on_path("openssl").expect("openssl was found");
    let mut command = cluster::command(&program, dir, user);
    let done = command.args(arguments).output().expect("openssl starts");
    assert!(done.status.success(), "openssl: {}", String::from_utf8_lossy(&done.stderr));
}
