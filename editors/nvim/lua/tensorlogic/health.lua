-- `:checkhealth tensorlogic`: whether the pieces are there, and the next step where one
-- is missing.

local config = require('tensorlogic.config')
local parser = require('tensorlogic.parser')
local server = require('tensorlogic.server')

local M = {}

local function check_options()
  local problems = config.problems(vim.g.tensorlogic or {})
  for _, problem in ipairs(problems) do
    vim.health.warn(problem, 'see `:help tensorlogic-options`')
  end
  if #problems == 0 then
    vim.health.ok('the options are in order')
  end
end

local function check_server()
  local path, problem = server.executable()
  if not path then
    vim.health.error(problem)
    return
  end
  local ran, result = pcall(function()
    return vim.system({ path, '--version' }, { text = true, timeout = 5000 }):wait()
  end)
  if not ran or result.code ~= 0 then
    vim.health.error(('`%s --version` failed: %s'):format(path, vim.trim(ran and result.stderr or result)))
    return
  end
  vim.health.ok(('`%s`: %s'):format(path, vim.trim(result.stdout)))
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = server.name })
  if #clients == 0 then
    vim.health.info('no server runs; one starts with the first `.tl` file')
  end
  for _, client in ipairs(clients) do
    local count = vim.tbl_count(client.attached_buffers)
    vim.health.ok(('a server serves %d buffer%s below `%s`'):format(count, count == 1 and '' or 's', client.root_dir))
  end
end

local function check_parser()
  local found, problem = parser.available()
  if found then
    local path = vim.api.nvim_get_runtime_file('parser/tensorlogic.*', false)[1]
    local fits, mismatch = pcall(vim.treesitter.query.get, 'tensorlogic', 'highlights')
    if fits then
      vim.health.ok(('the tree-sitter parser is `%s`'):format(path))
    else
      vim.health.error('the parser does not fit the queries: ' .. mismatch, 'run `:TensorLogicInstallParser`')
    end
  else
    vim.health.warn('there is no tree-sitter parser: ' .. problem, 'run `:TensorLogicInstallParser`')
  end
end

function M.check()
  vim.health.start('TensorLogic: options')
  check_options()
  vim.health.start('TensorLogic: server')
  check_server()
  check_clients()
  vim.health.start('TensorLogic: highlighting')
  check_parser()
end

return M
