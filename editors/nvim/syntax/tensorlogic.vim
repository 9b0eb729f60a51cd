" Colours for Neovim without the tree-sitter parser: comments, strings, numbers and the
" commonest words. With the parser, the grammar's queries take its place.

if exists('b:current_syntax')
  finish
endif

syntax keyword tensorlogicKeyword main fn let tensor struct impl import entity relation embed embedding rule query
syntax keyword tensorlogicKeyword relation_embedding test bench learn infer with where as return
syntax keyword tensorlogicConditional if else match then
syntax keyword tensorlogicRepeat for in while loop break continue
syntax keyword tensorlogicOperator and or not
syntax keyword tensorlogicModifier learnable
syntax keyword tensorlogicBoolean true false
syntax keyword tensorlogicType int float bool string float16 float32 int16 int32 int64 void
syntax match tensorlogicNumber '\v<\d+(\.\d+)?([eE][-+]?\d+)?>'
syntax match tensorlogicFunction '\v<\h\w*>\ze\('
syntax region tensorlogicString start='"' skip='\\.' end='"' oneline
syntax match tensorlogicComment '//.*$' contains=@Spell
syntax region tensorlogicComment start='/\*' end='\*/' contains=@Spell

highlight default link tensorlogicKeyword Keyword
highlight default link tensorlogicConditional Conditional
highlight default link tensorlogicRepeat Repeat
highlight default link tensorlogicOperator Operator
highlight default link tensorlogicModifier StorageClass
highlight default link tensorlogicBoolean Boolean
highlight default link tensorlogicType Type
highlight default link tensorlogicNumber Number
highlight default link tensorlogicFunction Function
highlight default link tensorlogicString String
highlight default link tensorlogicComment Comment

let b:current_syntax = 'tensorlogic'
