; Parts in other languages

([
  (line_comment)
  (block_comment)
  (unterminated_block_comment)
] @injection.content
  (#set! injection.language "comment"))

; The first text of `python.call("np.dot", a, b)` names a function of Python.
(python_call
  arguments: (argument_list
    .
    (string
      (string_content) @injection.content))
  (#set! injection.language "python"))
