#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// What Swift cannot say itself: function-like macros.

/// A memory BIO that asks to wait, rather than reporting the end, where it is empty.
static inline BIO *zoolab_bio_queue(void) {
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio) BIO_set_mem_eof_return(bio, -1);
    return bio;
}

/// The bytes that wait in a memory BIO.
static inline long zoolab_bio_contents(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }
static inline void zoolab_bio_empty(BIO *bio) { (void)BIO_reset(bio); }

static inline int zoolab_ssl_protocols(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) && SSL_CTX_set_max_proto_version(context, highest);
}

/// No renegotiation, no compression, the server's order of cipher suites, nothing but the key store's own chain; buffers are
/// given back while a connection is idle.
static inline void zoolab_ssl_options(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
}

static inline int zoolab_ssl_server_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }

/// Sends `certificate` after this side's own; the context takes a reference.
static inline int zoolab_ssl_add_chain(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int zoolab_certificates_count(const STACK_OF(X509) *list) { return sk_X509_num(list); }
static inline X509 *zoolab_certificate(const STACK_OF(X509) *list, int index) { return sk_X509_value(list, index); }
static inline void zoolab_certificates_free(STACK_OF(X509) *list) { sk_X509_pop_free(list, X509_free); }

static inline int zoolab_error_library(unsigned long code) { return ERR_GET_LIB(code); }
static inline int zoolab_error_is_unsupported(int reason) { return reason == ERR_R_UNSUPPORTED; }
static inline int zoolab_error_reason(unsigned long code) { return ERR_GET_REASON(code); }
