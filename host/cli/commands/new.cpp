// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/text.h"
#include "project/project.h"

namespace mote::cli {
namespace {

constexpr std::string_view kReadme = R"(# {name}

A Mote project: {labels} from {axes}-axis motion at {rate} Hz.
`mote.toml` says what is recognised, with which sensor and on which board; read it first.

1. Record each gesture many times, in several sessions (another hour, another day, taken off and put on again),
   and everyday motion as `{background}`. A CSV file with one sample a line is all that is needed.
2. `mote import punch.csv --label punch --session s1 --rate {rate}` for every file; blank lines separate captures.
3. `mote data` shows what is there and which sessions are held out.
4. `mote train`, `mote quantize`, `mote diagnose`, `mote compile`, `mote firmware`, `mote simulate`, `mote check`,
   `mote report`: each says what comes next.

`recordings/` belongs into version control; `run/` can always be made again.
)";

std::string readme(const project::Project& project) {
  std::string text(kReadme);
  const auto replace = [&text](std::string_view mark, const std::string& value) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  };
  std::string labels;
  for (const auto& label : project.labels) labels += (labels.empty() ? "" : ", ") + label;
  replace("{name}", project.name);
  replace("{labels}", labels);
  replace("{axes}", std::to_string(project.sensor.axis_count()));
  replace("{rate}", fmt::format("{}", project.sensor.rate_hz()));
  replace("{background}", project.background.value_or("idle"));
  return text;
}

struct NewOptions {
  std::string kind;
  std::filesystem::path folder;
  std::string name;
};

/// The project's name: as told, else the folder's if it can be one.
Result<std::string> project_name(const NewOptions& options) {
  if (!options.name.empty() && !is_plain_name(options.name))
    return fail(ErrorKind::kUsage,
                fmt::format("--name is '{}', expected a plain name", escape_comment(options.name)), "",
                "1 to 32 letters, digits, '_' or '-', starting with a letter");
  if (!options.name.empty()) return options.name;
  const auto last = options.folder.filename().empty() ? options.folder.parent_path().filename().string()
                                                      : options.folder.filename().string();
  return is_plain_name(last) ? last : options.kind;
}

Result<Outcome> create(const NewOptions& options, const Context& context) {
  if (options.kind != "gesture")
    return fail(ErrorKind::kUsage, fmt::format("no template '{}'", escape_comment(options.kind)), "",
                "there is: gesture");
  const auto file = options.folder / "mote.toml";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored))
    return fail(ErrorKind::kUsage, "there is a project already", file.string(), "choose another folder");
  MOTE_TRY(const std::string name, project_name(options));
  const project::Project project = project::gesture_template(name);
  for (const char* other : {"README.md", ".gitignore"})
    if (std::filesystem::exists(options.folder / other, ignored))
      return fail(ErrorKind::kUsage, "file is there already and would be overwritten",
                  (options.folder / other).string(), "choose an empty folder");
  MOTE_CHECK(write_file(options.folder / "README.md", readme(project)));
  MOTE_CHECK(write_file(options.folder / ".gitignore", std::string_view("run/\n")));
  MOTE_CHECK(write_file(file, project::to_toml(project)));
  Outcome outcome;
  outcome.facts = {{"project", options.folder.string()},
                   {"name", name},
                   {"files", {"mote.toml", "README.md", ".gitignore"}}};
  if (context.json) return outcome;
  print_line(fmt::format("made project {} in {}", styled(Style::kBold, name),
                         styled(Style::kPlain, options.folder.string())));
  print_next(fmt::format("cd {} && mote import FILE... --label punch --session s1 --rate 100",
                         options.folder.string()),
             "after a look at mote.toml");
  return outcome;
}

}  // namespace

void add_new(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("new", "Make a project: mote.toml and a README");
  auto options = std::make_shared<NewOptions>();
  command->add_option("template", options->kind, "What it is about: gesture")->required();
  command->add_option("folder", options->folder, "Where to make it")->required();
  command->add_option("--name", options->name, "Name of the model (default: the folder's)");
  on_run(*command, context, [options, &context] { return create(*options, context); });
}

}  // namespace mote::cli
