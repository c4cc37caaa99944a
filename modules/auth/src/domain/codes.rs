//! Codes of authenticator apps (RFC 6238), and those for when the app is lost.

use std::fmt::Write as _;

use jiff::Timestamp;
use qrcode::{Color, EcLevel, QrCode, types::QrError};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// Seconds for which a code is shown.
const STEP: u64 = 30;
/// How many codes there are for when the app is lost.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Digits in a code of an app.
const DIGITS: usize = 6;
/// Letters in a recovery code, and in each group of it.
const LETTERS: usize = 16;
const GROUP: usize = 4;
/// Modules of quiet around a picture, as ISO 18004 wants it.
const QUIET: usize = 4;

/// What an authenticator app shares with us: 160 bits, as RFC 4226 recommends.
pub(crate) struct AppSecret(Totp, [u8; 20]);

impl AppSecret {
    /// Six digits every 30 seconds by SHA-1, which is what every app knows; one step early or late is forgiven.
    pub(crate) fn new(bytes: [u8; 20]) -> Self {
        let secret = Secret::from(bytes);
        Self(
            Builder::new().with_secret(secret).with_skew(1).with_step_duration(STEP).build_noncompliant(),
            bytes,
        )
    }

    /// The bytes, to be sealed.
    pub(crate) const fn expose(&self) -> &[u8; 20] {
        &self.1
    }

    /// As somebody types it who cannot take a picture.
    pub(crate) fn base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The step of a code that is right now, or was or will be half a minute from now.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        i64::try_from(self.0.check(code, seconds)?).ok()
    }

    /// The code that an app shows.
    #[cfg(test)]
    pub(crate) fn code_at(&self, now: Timestamp) -> String {
        self.0.generate(u64::try_from(now.as_second()).unwrap()).to_string()
    }

    /// What the picture says: which service, whose account, the secret.
    pub(crate) fn address(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (escaped(issuer), escaped(account));
        format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            self.base32()
        )
    }
}

/// Everything but unreserved characters as `%XX`: some apps take a plus for what it says.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A picture that a camera reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// The width and the height, in modules.
    pub(crate) width: usize,
    /// The dark modules, as the data of an SVG path.
    pub(crate) path: String,
}

impl Picture {
    /// Of a text.
    pub(crate) fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let (colors, width) = (code.to_colors(), code.width());
        let mut path = String::new();
        for (row, modules) in colors.chunks(width).enumerate() {
            let mut column = 0;
            // A run of dark modules is one rectangle: fewer of them, and no seams between them.
            for run in modules.chunk_by(|left, right| left == right) {
                if run.first() == Some(&Color::Dark) {
                    let _ =
                        write!(path, "M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len());
                }
                column += run.len();
            }
        }
        Ok(Self { width: width + 2 * QUIET, path })
    }

    /// As a file of its own, dark on light whatever is around it.
    pub(crate) fn svg(&self) -> String {
        let (width, path) = (self.width, &self.path);
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"><path fill="#fff" d="M0 0h{width}v{width}H0z"/><path d="{path}"/></svg>"##
        )
    }
}

/// What somebody typed as a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Six digits of an app.
    Code(String),
    /// Perhaps a recovery code.
    Recovery(String),
}

impl Typed {
    /// With or without spaces, hyphens and capitals.
    pub(crate) fn read(text: &str) -> Self {
        // Whatever is longer is none.
        let plain: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(2 * LETTERS).collect();
        if plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Code(plain)
        } else {
            Self::Recovery(plain.to_ascii_lowercase())
        }
    }
}

/// A recovery code as it is shown, of 80 bits that nobody can guess: `abcd-efgh-ijkl-mnop`.
pub(crate) fn recovery_code(bytes: [u8; 10]) -> String {
    let letters = Secret::from(bytes.to_vec()).to_base32().to_ascii_lowercase();
    let groups: Vec<&str> =
        (0..LETTERS).step_by(GROUP).filter_map(|at| letters.get(at..at + GROUP)).collect();
    groups.join("-")
}

/// What is kept of a recovery code of somebody's. Eighty bits of chance need no slow hash.
pub(crate) fn hash_of_recovery(user: &[u8], typed: &str) -> Vec<u8> {
    Sha256::new().chain_update(b"recovery").chain_update(user).chain_update(typed).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B; six digits are the last six of its eight.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = AppSecret::new(*b"12345678901234567890");
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(secret.step_of(code, at(second)), Some(second / 30), "{code}");
            assert_eq!(secret.step_of(code, at(second + 30)), Some(second / 30), "half a minute late");
            assert_eq!(secret.step_of(code, at(second + 60)), None, "too late");
        }
        assert_eq!(secret.step_of("28708", at(59)), None);
        assert_eq!(secret.step_of("", at(59)), None);
    }

    #[test]
    fn the_address_names_the_account_and_escapes_it() {
        let address = AppSecret::new([7; 20]).address("perennial.example", "a+b@example.org");
        assert_eq!(
            address,
            "otpauth://totp/perennial.example:a%2Bb%40example.org?secret=A4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYH\
             &issuer=perennial.example&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_picture_is_dark_where_it_has_to_be() {
        let picture = Picture::of("otpauth://totp/x").unwrap();
        // Version 2 has 25 modules; the first row of a finder pattern is seven dark ones.
        assert_eq!(picture.width, 25 + 8);
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", picture.path);
        assert!(picture.svg().contains("viewBox=\"0 0 33 33\""));
    }

    #[test]
    fn what_is_typed_is_read_whatever_is_between_it() {
        assert_eq!(Typed::read(" 123 456\n"), Typed::Code("123456".into()));
        let code = recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(code, "aaaq-eaye-auda-ocaj");
        let Typed::Recovery(read) = Typed::read(&code.to_uppercase().replace('-', " ")) else { panic!() };
        assert_eq!(read, "aaaqeayeaudaocaj");
        assert_eq!(hash_of_recovery(b"u", &read), hash_of_recovery(b"u", &code.replace('-', "")));
        assert_ne!(hash_of_recovery(b"u", &read), hash_of_recovery(b"v", &read));
        assert_eq!(Typed::read(&"x".repeat(9_999)), Typed::Recovery("x".repeat(32)));
    }
}
