//! Secrets at rest: sealed in the database under a key that lies apart from it (GB/T 22239 B20).

use crate::support::{Ran, bihuan, ran};
use bihuan_app::vault::{Key, Vault};
use bihuan_domain::id::{AccountId, ChannelId};
use bihuan_store::account::{Guard, guard, save_guard};
use bihuan_store::channel::{Secret, keep_secret};
use bihuan_store::db::{DbOptions, Target};
use bihuan_store::sealed;
use bihuan_store::{Db, Fault};
use bihuan_testkit::{TestDb, on_each_empty_engine};
use std::path::{Path, PathBuf};

/// What an authenticator would be given.
const PLAIN: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// The place of the first account's second factor.
const PLACE: &str = "account_guard.totp_secret:1";
/// The place of the first channel's password.
const CHANNEL_PLACE: &str = "channel_secret.secret:1";

struct Place<'a> {
    test: &'a TestDb,
    folder: tempfile::TempDir,
}

impl Place<'_> {
    fn run(&self, args: &[&str]) -> Ran {
        let mut command = bihuan();
        command.args(args).arg("--data").arg(self.folder.path());
        match &self.test.target {
            Target::Postgres(url) => command.arg("--database").arg(url),
            Target::Sqlite(_) => &mut command,
        };
        ran(command.output().expect("the program starts"))
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("secret.key")
    }

    fn key(&self) -> Key {
        key_in(&self.key_file())
    }

    fn with_db<T>(&self, work: impl FnOnce(&Db) -> T) -> T {
        let target = match &self.test.target {
            Target::Sqlite(_) => Target::Sqlite(self.folder.path().join("bihuan.db")),
            server => server.clone(),
        };
        work(&Db::open(&target, &DbOptions::default()).expect("it opens"))
    }

    /// Begins an installation in which the first account has a second factor.
    fn begin(&self) {
        let begun = self.run(&["init"]);
        assert_eq!(begun.code, 0, "{}", begun.err);
        let vault = Vault::new(self.key());
        let (sealed, secret) = (vault.seal(PLACE, PLAIN).unwrap(), vault.seal(CHANNEL_PLACE, PLAIN).unwrap());
        self.with_db(|db| {
            db.write(move |conn| -> Result<(), Fault> {
                let account = AccountId(1);
                let kept = guard(conn, account)?;
                save_guard(conn, &Guard { totp_secret: sealed.clone(), ..kept })?;
                keep_secret(conn, ChannelId(1), &Secret { url: String::new(), secret: secret.clone() })
            })
            .unwrap();
        });
    }

    fn stored(&self) -> String {
        self.all().into_iter().next().map(|(_, text)| text).unwrap_or_default()
    }

    fn stored_in_channel(&self) -> String {
        self.all().into_iter().next_back().map(|(_, text)| text).unwrap_or_default()
    }

    fn all(&self) -> Vec<(sealed::Place, String)> {
        self.with_db(|db| db.read(sealed::all)).unwrap()
    }
}

fn key_in(path: &Path) -> Key {
    Key::parse(&std::fs::read_to_string(path).expect("a key file")).expect("a key")
}

fn on_each_place(test: impl Fn(&Place<'_>)) {
    on_each_empty_engine(|db| test(&Place { test: db, folder: tempfile::tempdir().expect("a folder") }));
}

#[test]
fn the_key_lies_apart_for_its_owner_only_and_is_in_no_backup_b20() {
    on_each_place(|place| {
        place.begin();
        assert!(!place.stored().contains(PLAIN) && place.stored().starts_with("sealed-1:aes-256-gcm:"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(place.key_file()).expect("the key").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let file = place.folder.path().join("backup.zip");
        let made = place.run(&["backup", file.to_str().expect("UTF-8")]);
        assert_eq!(made.code, 0, "{}", made.err);
        assert!(made.out.contains("secret.key"), "{}", made.out);
        let whole = std::fs::read(&file).expect("the backup");
        let secret = std::fs::read_to_string(place.key_file()).expect("the key");
        let secret = secret.split_whitespace().next_back().expect("the key's text").to_owned();
        assert!(!whole.windows(secret.len()).any(|part| part == secret.as_bytes()));
        let fresh = tempfile::tempdir().expect("a folder");
        let mut restore = bihuan();
        restore.arg("restore").arg("--data").arg(fresh.path()).arg(&file);
        let restored = ran(restore.output().expect("it starts"));
        assert_eq!(restored.code, 0, "{}", restored.err);
        assert!(restored.out.contains(&place.key().name()), "it does not ask for the key: {}", restored.out);
    });
}

#[test]
fn a_missing_wrong_or_open_key_is_said_with_what_to_do_b20() {
    on_each_place(|place| {
        place.begin();
        let (kept, away) = (place.key(), place.folder.path().join("away"));
        std::fs::rename(place.key_file(), &away).expect("it is moved");
        for command in [&["init"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let missing = place.run(command);
            assert_eq!(missing.code, 2, "{}", missing.out);
            assert!(
                missing.err.contains("找不到密钥文件") && missing.err.contains(&kept.name()),
                "{}",
                missing.err
            );
        }
        assert!(!place.key_file().exists(), "a new key was made over sealed secrets");
        std::fs::write(place.key_file(), Key::generate().unwrap().file_text()).expect("it is written");
        private(&place.key_file());
        let wrong = place.run(&["init"]);
        assert!(wrong.code == 2 && wrong.err.contains("不是加密这个数据库所用的密钥"), "{}", wrong.err);
        assert_eq!(place.run(&["key", "status"]).code, 3);
        std::fs::write(place.key_file(), "nonsense").expect("it is written");
        assert!(place.run(&["init"]).err.contains("不是闭环的密钥文件"));
        std::fs::rename(&away, place.key_file()).expect("it is back");
        assert_eq!(place.run(&["init"]).code, 0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(place.key_file(), open).expect("it is opened");
            assert!(place.run(&["init"]).err.contains("chmod 600"));
        }
    });
}

#[test]
fn a_key_is_renewed_and_a_lost_one_takes_the_second_factors_with_it_b20() {
    on_each_place(|place| {
        place.begin();
        let old = place.key();
        let renewed = place.run(&["key", "renew", "--json"]);
        assert_eq!(renewed.code, 0, "{}", renewed.err);
        assert_ne!(place.key(), old);
        let vault = Vault::new(place.key());
        assert_eq!(vault.open(PLACE, &place.stored()).unwrap(), PLAIN);
        assert_eq!(vault.open(CHANNEL_PLACE, &place.stored_in_channel()).unwrap(), PLAIN);
        // The power went after the commit and before the files changed places.
        let waiting = place.folder.path().join("secret.key.new");
        std::fs::rename(place.key_file(), &waiting).expect("it is moved");
        std::fs::write(place.key_file(), old.file_text()).expect("the old one is back");
        private(&place.key_file());
        assert_eq!(place.run(&["init"]).code, 0);
        assert!(place.key() != old && !waiting.exists());
        std::fs::remove_file(place.key_file()).expect("it is lost");
        let lost = place.run(&["key", "lost", "--json"]);
        assert_eq!(lost.code, 0, "{}", lost.err);
        assert!(lost.out.contains("\"removed\":2") && place.stored().is_empty());
        assert_eq!(place.run(&["init"]).code, 0, "a new key is made when nothing is sealed");
        assert_eq!(place.run(&["verify"]).code, 0);
    });
}

fn private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("it is closed");
    }
}
