#include "extension/settings.h"

#include <climits>

#include "pg/postgres.h"

extern "C" {
#include "utils/guc.h"
}

namespace fundb::extension {

namespace {

// Leaked on purpose: no static object with a destructor.
Settings &Values() {
  static Settings *settings = new Settings();
  return *settings;
}

enum { kUnknownFieldsError, kUnknownFieldsIgnore };
const config_enum_entry kUnknownFields[] = {{"error", kUnknownFieldsError, false},
                                            {"ignore", kUnknownFieldsIgnore, false},
                                            {nullptr, 0, false}};

int unknown_fields = kUnknownFieldsError;
char *user_name = nullptr;
char *user_id = nullptr;
char *lang = nullptr;

void fundb_assign_unknown_fields(int value, void *) {
  Values().ignore_unknown_fields = value == kUnknownFieldsIgnore;
}

// An assign hook must not fail.
void Assign(std::string *target, const char *value) noexcept {
  try {
    target->assign(value == nullptr ? "" : value);
  } catch (...) {
    target->clear();
  }
}

void fundb_assign_user_name(const char *value, void *) { Assign(&Values().user_name, value); }
void fundb_assign_user_id(const char *value, void *) { Assign(&Values().user_id, value); }
void fundb_assign_lang(const char *value, void *) { Assign(&Values().lang, value); }

}  // namespace

const Settings &CurrentSettings() { return Values(); }

void fundb_define_settings() {
  Settings &values = Values();
  DefineCustomIntVariable("fundb.max_depth", "Sets how deep triggers may fire one another.",
                          nullptr, &values.max_depth, 16, 1, 1000, PGC_USERSET, 0, nullptr, nullptr,
                          nullptr);
  DefineCustomIntVariable(
      "fundb.heap_limit", "Sets how much memory the JavaScript of a session may hold.",
      "A new value counts from the next start of the session's engine.", &values.heap_limit_mb, 256,
      16, 16384, PGC_SUSET, GUC_UNIT_MB, nullptr, nullptr, nullptr);
  DefineCustomIntVariable("fundb.rule_timeout", "Sets how long one call of a trigger may take.",
                          "0 turns this off.", &values.rule_timeout_ms, 0, 0, INT_MAX, PGC_USERSET,
                          GUC_UNIT_MS, nullptr, nullptr, nullptr);
  DefineCustomIntVariable(
      "fundb.direct_after",
      "Sets after how many calls a trigger is given the columns that it names instead of objects "
      "of the row.",
      "-1 turns this off.  What triggers see and do is the same.", &values.direct_after, 100, -1,
      INT_MAX - 1, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomEnumVariable(
      "fundb.unknown_fields", "Tells what happens to fields that are no columns.",
      "\"error\" refuses them, \"ignore\" drops them.", &unknown_fields, kUnknownFieldsError,
      kUnknownFields, PGC_USERSET, 0, nullptr, fundb_assign_unknown_fields, nullptr);
  DefineCustomStringVariable("fundb.user_name", "Sets the user that $$user names.",
                             "Empty: the session user.", &user_name, "", PGC_USERSET, 0, nullptr,
                             fundb_assign_user_name, nullptr);
  DefineCustomStringVariable("fundb.user_id", "Sets the value of $$user_id.",
                             "Empty: the row of public.users that has the user's name.", &user_id,
                             "", PGC_USERSET, 0, nullptr, fundb_assign_user_id, nullptr);
  DefineCustomStringVariable("fundb.lang", "Sets the value of $$lang.", "Empty: en-US.", &lang, "",
                             PGC_USERSET, 0, nullptr, fundb_assign_lang, nullptr);
  DefineCustomBoolVariable("fundb.enabled", "Runs the triggers of the registry.",
                           "Off: writes pass as if there were none.", &values.enabled, true,
                           PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable("fundb.prestart",
                           "Starts the JavaScript engine once, before sessions are forked.",
                           "Counts at the start of a server that preloads the library.",
                           &values.prestart, true, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  MarkGUCPrefixReserved("fundb");
}

}  // namespace fundb::extension
