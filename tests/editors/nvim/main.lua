-- Runs the specifications, all or those that `$TL_FILTER` names, and closes with one line:
-- `N passed, N failed`.

local here = vim.env.TL_ROOT .. '/tests/editors/nvim'
package.path = here .. '/?.lua;' .. package.path
local harness = require('harness')

-- Wide enough for any message.
vim.o.columns = 200

local SPECS = { 'filetype', 'packaging', 'editing', 'server', 'runs', 'troubles', 'leaving' }

for _, name in ipairs(SPECS) do
  local spec, problem = loadfile(here .. '/specs/' .. name .. '.lua')
  if not spec then
    error(problem)
  end
  harness.section(name)
  spec(harness)
end
os.exit(harness.finish() and 0 or 1)
