; A button that runs the file, on the line of `main`. A task with the tag
; `tensorlogic-main` tells how: `tl run "$ZED_FILE"`.

((main_block
  "main" @run) @_main
  (#set! tag tensorlogic-main))

((legacy_main
  "main" @run) @_main
  (#set! tag tensorlogic-main))
