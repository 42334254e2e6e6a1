// The dispatcher's work for one rule: its handler, what that is given, and what it answers.

#include "base/scope_exit.h"
#include "js/errors.h"
#include "js/realm.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "triggers/answer.h"
#include "triggers/row_call.h"

namespace fundb::triggers {

using convert::RowOperation;

namespace {

// The errors of a run, in words that name the rule.
class Wording final : public js::RunWording {
 public:
  explicit Wording(const catalog::Rule &rule) : rule_(rule) {}

  Report NeverResolved() const override {
    Report report;
    report.sqlstate = sqlstate::kTriggerProtocol;
    report.message = "the promise returned by " + RuleText(rule_) + " never resolved";
    report.hint = "There are no timers: await only calls of FunDB and promises that settle.";
    return report;
  }

  Report TimedOut(int timeout_ms) const override {
    Report report;
    report.sqlstate = sqlstate::kQueryCanceled;
    report.message = "canceling " + RuleText(rule_) + " due to rule timeout";
    report.detail = "The rule ran longer than " + std::to_string(timeout_ms) + " ms.";
    report.hint = "Make the rule do less, or raise fundb.rule_timeout.";
    return report;
  }

 private:
  const catalog::Rule &rule_;
};

Error DepthError(const Frame &frame, int max_depth) {
  std::string chain;
  for (const Frame *at = &frame; at != nullptr; at = at->outer) {
    chain.insert(0, chain.empty() ? FrameText(*at) : FrameText(*at) + " → ");
  }
  return Error(sqlstate::kTooComplex,
               "triggers are nested more than " + std::to_string(max_depth) + " deep")
      .Detail("The chain is " + chain + ".")
      .Hint("Let a trigger not write what fires it again, or raise fundb.max_depth.");
}

}  // namespace

class Dispatcher::GivenArgs final : public js::KnownObjects {
 public:
  explicit GivenArgs(const Given &given) : given_(given) {}
  bool HasNoThen(v8::Local<v8::Value> value) const override {
    return value == given_.args && convert::IsArgsWithoutThen(*given_.row.state, given_.args);
  }

 private:
  const Given &given_;
};

bool Dispatcher::IsRunnable(LoadedRule &rule, js::Realm &realm) {
  // For every row.  A rule that is broken by its row alone has no handler.
  if (rule.realm_generation == realm.generation() && !rule.handler.IsEmpty()) return true;
  return Load(rule, realm);
}

bool Dispatcher::Load(LoadedRule &rule, js::Realm &realm) {
  Report broken;
  broken.sqlstate = sqlstate::kInvalidParameter;
  broken.message = rule.rule->broken_reason;
  if (broken.message.empty()) {
    try {
      v8::Local<v8::Function> handler =
          realm.LoadHandler(rule.rule->module_name, *rule.rule->procedure);
      rule.handler.Reset(realm.isolate(), handler);
      rule.used = js::FindUsedParameters(realm.context(), handler);
      rule.ForgetDirect();
      rule.stands_for_async = realm.StandsForAsync(rule.rule->module_name);
      // Loading may itself have made older handlers out of date.
      rule.realm_generation = realm.generation();
      return true;
    } catch (Error &error) {
      if (IsUncatchable(error.report()) || MustLeaveUnchanged(error.report())) throw;
      broken = std::move(error.report());
    }
  }
  if (!rule.rule->allow_broken) {
    broken.message = RuleText(*rule.rule) + " is broken: " + broken.message;
    if (broken.hint.empty()) {
      broken.hint = "Mend or delete the row of public.triggers, or set its allow_broken.";
    }
    throw Error(std::move(broken));
  }
  std::string text =
      pg::ToServerForced(RuleText(*rule.rule) + " is broken and was skipped: " + broken.message);
  pg::Call([&] { ereport(WARNING, (errmsg_internal("%s", text.c_str()))); });
  return false;
}

void Dispatcher::Give(LoadedRule &rule, const RowCall &row, const TableVersion &version,
                      js::Realm &realm, Given *given) {
  bool takes_args = rule.used.second && row.operation != RowOperation::kDelete;
  if (!rule.used.first && !takes_args) return;
  v8::Local<v8::Context> context = realm.context();
  given->row = row.Copy(version);
  row.TellChanged(given->row.state);
  if (rule.used.first) given->arguments[0] = convert::NewEvent(context, given->row);
  if (takes_args) given->arguments[1] = given->args = convert::NewArgs(context, given->row);
}

void Dispatcher::Accept(LoadedRule &rule, RowCall &row, const TableVersion &version,
                        js::Realm &realm, Given *given, v8::Local<v8::Value> result,
                        const js::RunOptions &run) {
  if (given->row.state == nullptr) given->row = row.Copy(version);
  AnswerOptions options;
  options.rule = rule.rule;
  options.ignore_unknown_fields = settings_.ignore_unknown_fields;
  options.run.timeout_ms = run.timeout_ms;
  options.run.wording = run.wording;
  Answer answer =
      ReadAnswer(realm, row.relation, given->row, given->args, result, row.assigned, options);
  if (answer.kind == Answer::kReplace) row.Replace(answer.row);
}

bool Dispatcher::Call(LoadedRule &rule, RowCall &row, const TableVersion &version, js::Realm &realm,
                      js::RunOptions *run) {
  v8::Isolate *isolate = realm.isolate();
  Given given;
  given.arguments[0] = given.arguments[1] = v8::Undefined(isolate);
  if (rule.used.first || rule.used.second) Give(rule, row, version, realm, &given);
  GivenArgs args(given);
  if (!given.args.IsEmpty()) run->known_objects = &args;
  // V8 looks at the handle before it enters the function, and no more once nested work may have
  // put another handler in its place.
  v8::Local<v8::Value> result = js::Run(realm, js::Borrow(rule.handler), 2, given.arguments, *run);
  if (!row.before || result == v8::True(isolate)) return true;
  if (result == v8::False(isolate)) return false;
  Accept(rule, row, version, realm, &given, result, *run);
  return true;
}

bool Dispatcher::CallDirectly(LoadedRule &rule, RowCall &row, const TableVersion &version,
                              js::Realm &realm, const js::RunOptions &run, bool *is_kept) {
  int operation = static_cast<int>(row.operation);
  if (settings_.direct_after < 0) return false;
  if (rule.calls[operation] <= settings_.direct_after) {
    // For a few rows it is not worth it.
    if (rule.calls[operation]++ < settings_.direct_after) return false;
    rule.direct[operation] = DirectCall::Make(realm, rule.rule->module_name, rule.used.uses,
                                              *version.shape, row.operation, row.before);
  }
  if (rule.direct[operation] == nullptr) return false;
  // A nested call of the rule finds none, and may load another handler.
  std::unique_ptr<DirectCall> direct = std::move(rule.direct[operation]);
  uint64_t generation = rule.realm_generation;
  ScopeExit put_back([&] {
    if (rule.realm_generation == generation) rule.direct[operation] = std::move(direct);
  });
  DirectValues values;
  const std::vector<LoadedRule *> &rules = version.by_event[row.before ? 1 : 0][operation];
  DirectRow given = row.ForDirect(&rule != rules.back());
  if (!direct->Begin(realm.context(), given, &values)) return false;
  // V8 looks at the handle before it enters the function, and no more once nested work may have put
  // another handler in its place.
  direct->Run(realm, js::Borrow(rule.handler), run, &values);
  *is_kept = true;
  if (!row.before) return true;
  if (values.outcome.is_args) {
    HeapTuple made = direct->Answer(realm, row.relation, row.assigned, run, values);
    if (made != nullptr) row.Replace(made);
    return true;
  }
  v8::Isolate *isolate = realm.isolate();
  v8::Local<v8::Value> result = values.outcome.result;
  *is_kept = result != v8::False(isolate);
  if (*is_kept && result != v8::True(isolate)) {
    Given given;
    Accept(rule, row, version, realm, &given, result, run);
  }
  return true;
}

bool Dispatcher::RunRule(LoadedRule &rule, RowCall &row, const TableVersion &version) {
  // What the rule around this one has still to do is that rule's, also in messages and the log.
  js::DoWaitingJobs(*row.engine);
  Frame frame;
  frame.rule = rule.rule;
  frame.outer = innermost_;
  frame.depth = innermost_ == nullptr ? 1 : innermost_->depth + 1;
  const Frame *outer = innermost_;
  innermost_ = &frame;
  ScopeExit restore([&] { innermost_ = outer; });
  js::TransferScope transfer(*row.engine);

  try {
    // The common case without a jump buffer.
    if (stack_is_too_deep()) pg::Call([] { check_stack_depth(); });
    js::Realm &realm = row.engine->RealmOf(GetUserId(), rule.owner);
    v8::Isolate *isolate = realm.isolate();
    v8::HandleScope handles(isolate);
    if (!IsRunnable(rule, realm)) return true;

    frame.shape = version.shape.get();
    frame.row = row.operation == RowOperation::kInsert ? row.new_row : row.old_row;
    if (frame.depth > settings_.max_depth) throw DepthError(frame, settings_.max_depth);

    Wording wording(*rule.rule);
    js::RunOptions run;
    run.timeout_ms = settings_.rule_timeout_ms;
    run.wording = &wording;
    run.stands_for_async = rule.stands_for_async;
    bool is_kept;
    bool sees_row = rule.used.first || rule.used.second;
    if (sees_row && rule.used.uses.keeps_nothing &&
        CallDirectly(rule, row, version, realm, run, &is_kept)) {
      return is_kept;
    }
    return Call(rule, row, version, realm, &run);
  } catch (Error &error) {
    Report &report = error.report();
    if (!report.context.empty()) report.context += '\n';
    report.context += RuleText(*rule.rule);
    PassRule(report, rule.rule->owner_schema, rule.rule->name);
    throw;
  }
}

}  // namespace fundb::triggers
