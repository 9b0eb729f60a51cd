[
  (line_comment)
  (block_comment)
  (unterminated_block_comment)
] @comment.inclusive

[
  (string)
  (unterminated_string)
] @string
