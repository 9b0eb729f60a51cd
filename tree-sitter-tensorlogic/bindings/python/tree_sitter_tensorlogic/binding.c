// Hands the language to Python, in the form that the package `tree-sitter` asks for.

#include <Python.h>

typedef struct TSLanguage TSLanguage;

const TSLanguage *tree_sitter_tensorlogic(void);

static PyObject *language(PyObject *self, PyObject *args) {
  (void)self;
  (void)args;
  return PyCapsule_New((void *)tree_sitter_tensorlogic(), "tree_sitter.Language", NULL);
}

static PyMethodDef METHODS[] = {
    {"language", language, METH_NOARGS, "The language, to be handed to `tree_sitter.Language`."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot SLOTS[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef MODULE = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_binding",
    .m_size = 0,
    .m_methods = METHODS,
    .m_slots = SLOTS,
};

PyMODINIT_FUNC PyInit__binding(void) { return PyModuleDef_Init(&MODULE); }
