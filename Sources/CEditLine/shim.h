#pragma once
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

// libedit's functions take variable arguments, which Swift cannot pass.

typedef char *(*zoolab_prompt_function)(EditLine *);
typedef int (*zoolab_read_function)(EditLine *, wchar_t *);
typedef unsigned char (*zoolab_edit_function)(EditLine *, int);

/// Makes the library decode UTF-8 whatever the user's locale says; other categories stay as they are.
static inline void zoolab_use_utf8(void) {
    if (MB_CUR_MAX > 1) return;
    if (setlocale(LC_CTYPE, "") && MB_CUR_MAX > 1) return;
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "UTF-8");
}

static inline EditLine *zoolab_editline_create(zoolab_prompt_function prompt, zoolab_read_function read) {
    EditLine *line = el_init("zoolab", stdin, stdout, stderr);
    if (!line) return line;
    el_set(line, EL_PROMPT, prompt);
    el_set(line, EL_EDITOR, "emacs");
    el_set(line, EL_SIGNAL, 1);
    el_set(line, EL_GETCFN, read);
    return line;
}

static inline void zoolab_editline_set_owner(EditLine *line, void *owner) { el_set(line, EL_CLIENTDATA, owner); }

static inline void *zoolab_editline_owner(EditLine *line) {
    void *owner = NULL;
    el_get(line, EL_CLIENTDATA, &owner);
    return owner;
}

static inline void zoolab_editline_bind(
    EditLine *line, const char *name, zoolab_edit_function function, const char *key
) {
    el_set(line, EL_ADDFN, name, name, function);
    el_set(line, EL_BIND, key, name, NULL);
    el_set(line, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

/// Makes Control-C a key like any other while a line is typed.
static inline void zoolab_editline_bind_interrupt(EditLine *line, const char *name, zoolab_edit_function function) {
    el_set(line, EL_SETTY, "-d", "intr=", NULL);
    el_set(line, EL_ADDFN, name, name, function);
    el_set(line, EL_BIND, "^C", name, NULL);
}

static inline void zoolab_editline_refresh(EditLine *line) { el_set(line, EL_REFRESH); }

static inline void zoolab_editline_use_history(EditLine *line, History *list) {
    el_set(line, EL_HIST, history, list);
}

static inline History *zoolab_history_create(int size) {
    History *list = history_init();
    HistEvent event;
    if (!list) return list;
    history(list, &event, H_SETSIZE, size);
    history(list, &event, H_SETUNIQUE, 1);
    return list;
}

static inline int zoolab_history_load(History *list, const char *file) {
    HistEvent event;
    return history(list, &event, H_LOAD, file);
}

static inline int zoolab_history_save(History *list, const char *file) {
    HistEvent event;
    return history(list, &event, H_SAVE, file);
}

static inline void zoolab_history_enter(History *list, const char *line) {
    HistEvent event;
    history(list, &event, H_ENTER, line);
}
