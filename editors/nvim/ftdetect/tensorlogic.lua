-- `.tl` belongs to Teal as well; the text decides.
vim.filetype.add({
  extension = {
    tl = function(path, buffer)
      return require('tensorlogic.filetype').detect(path, buffer)
    end,
  },
})
