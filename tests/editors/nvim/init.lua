-- The configuration of the Neovim under test: what the README tells a person to write,
-- and the folder with the parser that the tests have built.

vim.opt.runtimepath:prepend(vim.env.TL_ROOT .. '/editors/nvim')
vim.opt.runtimepath:append(vim.env.TL_SITE)
vim.g.tensorlogic = { server = vim.env.TL_LSP }

vim.o.statusline = "%f %=%{v:lua.require'tensorlogic'.status()} "
vim.o.swapfile = false
vim.o.shadafile = 'NONE'
vim.o.more = false
