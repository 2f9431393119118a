//! What a database's certificate must show before anything is sent to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::{Fault, Result};

/// What a certificate must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nothing: whoever answers is trusted.
    Anyone,
    /// That somebody signed it who is trusted.
    Signed,
    /// That, and that it is of the host that was called.
    Named,
}

/// Who is trusted to sign certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signers {
    /// Those whom browsers trust: Mozilla's list, which is built in.
    Known,
    /// Those of a file, and the certificates that stand there themselves.
    File(PathBuf),
}

/// How to speak TLS to a database.
///
/// # Errors
/// When the file of signers cannot be read, or holds no certificate.
pub(super) fn client(trust: Trust, signers: &Signers) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let fault = |error: Error| Fault(format!("TLS: {error}"));
    let verifier = Verifier::new(trust, signers, provider.clone())?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(fault)?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(config.with_no_client_auth())
}

/// Looks at certificates as far as it is asked to.
#[derive(Debug)]
struct Verifier {
    trust: Trust,
    /// Certificates that are trusted themselves, as one that signed itself.
    own: Vec<CertificateDer<'static>>,
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn new(trust: Trust, signers: &Signers, provider: Arc<CryptoProvider>) -> Result<Self> {
        if trust == Trust::Anyone {
            return Ok(Self { trust, own: Vec::new(), chain: None, provider });
        }
        let (roots, own) = match signers {
            Signers::Known => (webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(), Vec::new()),
            Signers::File(file) => read(file)?,
        };
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
        let chain = chain.map_err(|error| Fault(format!("TLS: {error}")))?;
        Ok(Self { trust, own, chain: Some(chain), provider })
    }
}

/// The certificates of a file.
fn read(file: &Path) -> Result<(RootCertStore, Vec<CertificateDer<'static>>)> {
    let about = |why: String| Fault(format!("sslrootcert: {}: {why}", file.display()));
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    let own = read.map_err(|error| about(error.to_string()))?;
    if own.is_empty() {
        return Err(about("it holds no certificate in PEM".to_owned()));
    }
    let mut roots = RootCertStore::empty();
    for certificate in &own {
        roots.add(certificate.clone()).map_err(|error| about(error.to_string()))?;
    }
    Ok((roots, own))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        if self.own.contains(certificate) {
            if self.trust == Trust::Named {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, host)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match chain.verify_server_cert(certificate, between, host, ocsp, now) {
            // names are looked at last: all else about it is good
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.trust == Trust::Signed => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
