-- The language server in Neovim 0.7 and later. Put this file into ~/.config/nvim/lua/ and write in init.lua:
--     require("pubsub_devtools").setup()
-- It stands beside any Python server: each answers for its own.
local M = {}

-- Files that mark a root, the nearest first.
local markers = { "pyproject.toml", "setup.py", "setup.cfg", ".git" }

local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  while folder ~= "" do
    for _, marker in ipairs(markers) do
      local found = folder .. "/" .. marker
      if vim.fn.filereadable(found) == 1 or vim.fn.isdirectory(found) == 1 then
        return folder
      end
    end
    local above = vim.fn.fnamemodify(folder, ":h")
    if above == folder then
      break
    end
    folder = above
  end
  return vim.fn.getcwd()
end

-- Shows what a code lens counts: the other side of an event.
local function show_places(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local items = vim.lsp.util.locations_to_items(command.arguments[3] or {}, client and client.offset_encoding or "utf-16")
  vim.fn.setqflist({}, " ", { title = command.title, items = items })
  vim.cmd("copen")
end

-- Options: cmd (list), settings (table, as in docs/how-to/lsp.md), on_attach (function).
function M.setup(options)
  options = options or {}
  local config = {
    name = "pubsub-devtools",
    cmd = options.cmd or { "pubsub-tools", "lsp" },
    settings = { pubsub = options.settings or {} },
    on_attach = options.on_attach,
    commands = { ["pubsub.showPlaces"] = show_places },
  }
  if vim.lsp.config and vim.lsp.enable then -- Neovim 0.11
    config.filetypes, config.root_markers = { "python" }, markers
    vim.lsp.config("pubsub_devtools", config)
    vim.lsp.enable("pubsub_devtools")
    return
  end
  local clients = {}
  local function attach(buffer)
    local root = root_of(vim.api.nvim_buf_get_name(buffer))
    if not clients[root] or not vim.lsp.get_client_by_id(clients[root]) then
      local own = vim.tbl_extend("force", config, { root_dir = root })
      own.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
      clients[root] = vim.lsp.start_client(own)
    end
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "python",
    callback = function(event)
      attach(event.buf)
    end,
  })
end

return M
