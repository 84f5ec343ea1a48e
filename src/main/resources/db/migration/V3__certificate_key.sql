-- The key that signs certificates, PKCS#8, where no key file is configured: of development. The
-- first replica that needs one stores it (docs/adr/0009-certificates.md).
alter table installation add column certificate_key bytea;
