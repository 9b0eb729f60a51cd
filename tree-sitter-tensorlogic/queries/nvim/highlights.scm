; extends

; Comments are checked for spelling

[
  (line_comment)
  (block_comment)
] @spell
