#pragma once
#include <dlfcn.h>
#include <graphviz/gvc.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* What of Graphviz this project uses, with the differences between its versions evened out. */

/* The last complaint of Graphviz, for error messages; written by Graphviz alone. */
static inline char *zoolab_graphviz_complaint(void) {
    static char complaint[512];
    return complaint;
}

static int zoolab_keep_complaint(char *text) {
    strncpy(zoolab_graphviz_complaint(), text, 511);
    return 0;
}

/* dladdr and its result under our own names: headers show them only to those who asked for GNU extensions first. */
typedef struct {
    const char *file;
    void *base;
    const char *symbol;
    void *address;
} zoolab_origin;
#ifdef __APPLE__
extern int zoolab_find_origin(const void *, zoolab_origin *) __asm__("_dladdr");
#else
extern int zoolab_find_origin(const void *, zoolab_origin *) __asm__("dladdr");
#endif

/* Opens one of Graphviz's plugins next to the library itself; NULL where it is not there. */
static inline void *zoolab_graphviz_plugin(const char *file, const char *symbol) {
    zoolab_origin library;
    char path[1024];
    if (!zoolab_find_origin((void *)gvContext, &library) || !library.file) return NULL;
    const char *slash = strrchr(library.file, '/');
    if (!slash) return NULL;
    int written = snprintf(path, sizeof path, "%.*s/graphviz/%s", (int)(slash - library.file),
                           library.file, file);
    if (written < 0 || (size_t)written >= sizeof path) return NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return handle ? dlsym(handle, symbol) : NULL;
}

/* A context with nothing but the core renderers and the pinned layout: no font library measures the text, which our
   own widths make needless, so that SVG is several times faster and the same everywhere. NULL where the plugins are
   not found; then zoolab_full_context serves as well. GVBINDIR is left to the full context. */
static inline GVC_t *zoolab_core_context(void) {
    static lt_symlist_t plugins[3];
    if (!plugins[0].name) {
        void *core = zoolab_graphviz_plugin("libgvplugin_core.so", "gvplugin_core_LTX_library");
        void *layout = zoolab_graphviz_plugin("libgvplugin_neato_layout.so", "gvplugin_neato_layout_LTX_library");
        if (!core || !layout) return NULL;
        plugins[1].name = "gvplugin_neato_layout_LTX_library";
        plugins[1].address = layout;
        plugins[0].address = core;
        plugins[0].name = "gvplugin_core_LTX_library";
    }
    return gvContextPlugins(plugins, 0);
}

/* A context with every plugin that is installed. */
static inline GVC_t *zoolab_full_context(void) { return gvContext(); }

static inline void zoolab_graphviz_silence(void) {
    memset(zoolab_graphviz_complaint(), 0, 512);
    agseterr(AGERR);
    agseterrf((agusererrf)zoolab_keep_complaint);
}

/* gvRenderData took the length as unsigned int until Graphviz 12 and takes it as size_t since. */
typedef int (*zoolab_narrow_render)(GVC_t *, graph_t *, const char *, char **, unsigned int *);
typedef int (*zoolab_wide_render)(GVC_t *, graph_t *, const char *, char **, size_t *);

static inline int zoolab_render_narrow(GVC_t *context, Agraph_t *graph, const char *format, char **result,
                                       size_t *length) {
    unsigned int narrow = 0;
    int status = ((zoolab_narrow_render)(void *)gvRenderData)(context, graph, format, result, &narrow);
    *length = narrow;
    return status;
}

static inline int zoolab_render_wide(GVC_t *context, Agraph_t *graph, const char *format, char **result,
                                     size_t *length) {
    return ((zoolab_wide_render)(void *)gvRenderData)(context, graph, format, result, length);
}

static inline int zoolab_graphviz_render(GVC_t *context, Agraph_t *graph, const char *format, char **result,
                                         size_t *length) {
    *result = NULL;
    *length = 0;
    return _Generic(&gvRenderData, zoolab_narrow_render: zoolab_render_narrow, default: zoolab_render_wide)(
        context, graph, format, result, length);
}

static inline void zoolab_graphviz_set(Agraph_t *graph, const char *name, const char *value) {
    agattr(graph, AGRAPH, (char *)name, (char *)value);
}

static inline Agraph_t *zoolab_graphviz_parse(const char *text) { return agmemread((char *)text); }

static inline int zoolab_graphviz_layout(GVC_t *context, Agraph_t *graph) {
    return gvLayout(context, graph, "nop2");
}
