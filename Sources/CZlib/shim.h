#pragma once
#include <zlib.h>

// The initialisers are macros in zlib.
static inline int zoolab_gzip_begin(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
static inline int zoolab_gunzip_begin(z_streamp stream) { return inflateInit2(stream, 15 + 16); }
