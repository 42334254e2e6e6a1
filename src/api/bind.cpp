#include "api/bind.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <unordered_map>

#include "api/errors.h"
#include "api/globals.h"
#include "base/text.h"
#include "convert/pinned_settings.h"
#include "convert/type.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/run.h"
#include "pg/encoding.h"

extern "C" {
#include "utils/timestamp.h"
}

namespace fundb::api {

namespace {

using v8::Local;

Datum FromText(const std::string &text, const ParameterType &type) {
  // A default is written in the text as constants are.
  convert::PinnedSettings pinned;
  return pg::Call([&] {
    Oid input;
    Oid parameter;
    getTypeInputInfo(type.type, &input, &parameter);
    return OidInputFunctionCall(input, const_cast<char *>(pg::ToServer(text)), parameter,
                                type.modifier);
  });
}

Error Missing(const std::string &name) {
  return ArgumentError(sqlstate::kInvalidParameter, name,
                       "argument " + Quoted(name) + " is required", true);
}

// As the language does it: letters of ASCII only.
std::string Lower(std::string name) {
  for (char &c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

class Binder {
 public:
  Binder(Local<v8::Context> context, const std::vector<funql::Argument> &arguments,
         const Given &given, const Settings &settings)
      : context_(context),
        isolate_(context->GetIsolate()),
        arguments_(arguments),
        given_(given),
        settings_(settings) {}

  // First of all.  An argument that the text declares must be given even if the text does not use
  // it.
  void CheckRequired() {
    for (size_t i = 0; i < arguments_.size(); ++i) {
      js::Engine::From(isolate_).CheckInterrupts();
      found_.push_back(Find(i));
      const funql::Argument &argument = arguments_[i];
      if (argument.optional || argument.has_default) continue;
      if (found_[i]->IsNullOrUndefined()) throw Missing(argument.name);
    }
  }

  void Add(const funql::Parameter &parameter, const ParameterType &type, pg::Parameters *values) {
    size_t index = static_cast<size_t>(parameter.index);
    switch (parameter.kind) {
      case funql::ParameterKind::kArgument:
        return AddArgument(arguments_[index], found_[index], type, values);
      case funql::ParameterKind::kChunkLimit:
        return AddValue(given_.limit, "limit", type, values);
      case funql::ParameterKind::kChunkOffset:
        return AddValue(given_.offset, "offset", type, values);
      case funql::ParameterKind::kChunkArgument:
        return AddValue(given_.chunk_arguments[index], given_.chunk_names[index], type, values);
      case funql::ParameterKind::kSearchWord:
        return AddValue(given_.search_words[index], "search", type, values);
      case funql::ParameterKind::kTransactionTime:
        if (type.type == TIMESTAMPTZOID) {
          return values->Add(TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()));
        }
        [[fallthrough]];
      default:
        AddText(GlobalText(parameter.kind, settings_), type, values);
    }
  }

 private:
  void AddText(const std::optional<std::string> &text, const ParameterType &type,
               pg::Parameters *values) {
    if (text) {
      values->Add(FromText(*text, type));
    } else {
      values->Add(Datum{0}, true);
    }
  }

  // The argument of that name.  Unquoted names are lower case in the language, so a script may
  // write {myArg: 1} for $myArg.
  Local<v8::Value> Find(size_t index) {
    if (given_.arguments.IsEmpty() || !given_.arguments->IsObject()) {
      return v8::Undefined(isolate_);
    }
    Local<v8::Object> object = given_.arguments.As<v8::Object>();
    const std::string &name = arguments_[index].name;
    Local<v8::String> key =
        given_.names != nullptr ? js::Borrow((*given_.names)[index]) : js::NewName(isolate_, name);
    Local<v8::Value> value = js::Check(object->Get(context_, key));
    // What every object has by its prototype is not an argument: functions, and this.
    bool may_be_inherited = value->IsUndefined() || value->IsFunction() || name == "__proto__";
    if (!may_be_inherited || js::Check(object->HasOwnProperty(context_, key))) return value;
    if (!has_names_) ReadNames(object);
    auto other = names_.find(name);
    if (other == names_.end()) return v8::Undefined(isolate_);
    return js::Check(object->Get(context_, other->second));
  }

  // Once for all arguments that are not there under their own names.
  void ReadNames(Local<v8::Object> object) {
    has_names_ = true;
    size_t longest = 0;
    for (const funql::Argument &argument : arguments_) {
      longest = std::max(longest, argument.name.size());
    }
    Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(context_));
    for (uint32_t i = 0; i < names->Length(); ++i) {
      js::Engine::From(isolate_).CheckInterrupts();
      Local<v8::Value> name = js::Check(names->Get(context_, i));
      if (!name->IsString() || static_cast<size_t>(name.As<v8::String>()->Length()) > longest) {
        continue;
      }
      // Of several that differ in case the first.
      names_.emplace(Lower(js::ToText(isolate_, name.As<v8::String>())), name);
    }
  }

  void AddArgument(const funql::Argument &argument, Local<v8::Value> value,
                   const ParameterType &type, pg::Parameters *values) {
    if (value->IsUndefined()) {
      if (argument.has_default) {
        return AddDefault(argument, type, values);
      }
      if (!argument.optional) throw Missing(argument.name);
    }
    if (value->IsNullOrUndefined()) {
      if (!argument.optional) throw Missing(argument.name);
      return AddNull(argument.name, type, values);
    }
    CheckEnum(argument, value);
    AddValue(value, argument.name, type, values);
  }

  void AddDefault(const funql::Argument &argument, const ParameterType &type,
                  pg::Parameters *values) {
    if (!argument.default_text) return AddNull(argument.name, type, values);
    Naming(argument.name, [&] {
      try {
        AddText(argument.default_text, type, values);
      } catch (Error &error) {
        // What PostgreSQL says of the value does not say whose it is.
        Report &report = error.report();
        report.detail = report.message + (report.detail.empty() ? "." : ".  " + report.detail);
        report.detail[0] =
            static_cast<char>(std::toupper(static_cast<unsigned char>(report.detail[0])));
        report.message = "argument " + Quoted(argument.name) + " of type " +
                         convert::TypeFor(type.type, type.modifier).name() +
                         " cannot take its default " + Quoted(*argument.default_text);
        throw;
      }
    });
  }

  void CheckEnum(const funql::Argument &argument, Local<v8::Value> value) {
    if (argument.enum_values.empty()) return;
    if (argument.type.is_array && value->IsArray()) {
      Local<v8::Array> array = value.As<v8::Array>();
      for (uint32_t i = 0; i < array->Length(); ++i) {
        js::Engine::From(isolate_).CheckInterrupts();
        CheckLabel(argument, js::Check(array->Get(context_, i)));
      }
    } else {
      CheckLabel(argument, value);
    }
  }

  void CheckLabel(const funql::Argument &argument, Local<v8::Value> value) {
    const std::vector<std::string> &labels = argument.enum_values;
    std::string text =
        value->IsString() ? js::ToText(isolate_, value.As<v8::String>()) : std::string();
    if (value->IsNull() ||
        (value->IsString() && std::find(labels.begin(), labels.end(), text) != labels.end())) {
      return;
    }
    std::string list;
    for (const std::string &label : labels) list += (list.empty() ? "" : ", ") + Quoted(label);
    throw ArgumentError(sqlstate::kInvalidText, argument.name,
                        "invalid value for argument " + Quoted(argument.name), false)
        .Hint("It must be one of " + list + ".");
  }

  // PostgreSQL takes what a parameter of a domain holds for checked.
  static void AddNull(const std::string &name, const ParameterType &type, pg::Parameters *values) {
    Naming(name, [&] {
      convert::TypeFor(type.type, type.modifier).CheckNull({"argument", name});
      values->Add(Datum{0}, true);
    });
  }

  void AddValue(Local<v8::Value> value, const std::string &name, const ParameterType &type,
                pg::Parameters *values) {
    if (value.IsEmpty() || value->IsNullOrUndefined()) return AddNull(name, type, values);
    Naming(name, [&] {
      values->Add(
          convert::TypeFor(type.type, type.modifier).FromJs(context_, value, {"argument", name}));
    });
  }

  // Whatever goes wrong is an argument error of that name.
  template <typename F>
  static void Naming(const std::string &name, F &&convert) {
    try {
      convert();
    } catch (Error &error) {
      if (error.report().kind.empty()) error.report().kind = "argument";
      if (error.report().argument.empty()) error.report().argument = name;
      throw;
    }
  }

  Local<v8::Context> context_;
  v8::Isolate *isolate_;
  const std::vector<funql::Argument> &arguments_;
  const Given &given_;
  const Settings &settings_;
  SmallVector<Local<v8::Value>, 8> found_;  // by argument
  // The names that were given, in lower case; read when they are needed.
  bool has_names_ = false;
  std::unordered_map<std::string, Local<v8::Value>> names_;
};

}  // namespace

pg::Parameters Bind(Local<v8::Context> context, const std::vector<funql::Argument> &arguments,
                    const std::vector<funql::Parameter> &parameters,
                    const std::vector<ParameterType> &types, const Given &given,
                    const Settings &settings) {
  js::WatchedScope watched(js::Engine::From(context->GetIsolate()));
  Binder binder(context, arguments, given, settings);
  pg::Parameters values;
  binder.CheckRequired();
  for (size_t i = 0; i < parameters.size(); ++i) {
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    binder.Add(parameters[i], types[i], &values);
  }
  return values;
}

}  // namespace fundb::api
