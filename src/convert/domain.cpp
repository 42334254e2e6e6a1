// Domains: the base type's values, then the domain's checks.

#include "convert/claim.h"
#include "convert/factories.h"
#include "convert/refusal.h"
#include "js/engine.h"
#include "js/run.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

// With constraints prepared for this one value: the kept ones hold the value that is being checked.
void fundb_check_apart(Datum datum, bool is_null, Oid domain) {
  MemoryContext memory =
      AllocSetContextCreate(CurrentMemoryContext, "fundb check of a domain", ALLOCSET_SMALL_SIZES);
  void *checks = nullptr;
  domain_check(datum, is_null, domain, &checks, memory);
  MemoryContextDelete(memory);
}

class DomainType final : public Type {
 public:
  DomainType(const TypeSeed &seed, const Type &base)
      : Type(seed.name), oid_(seed.oid), base_(base), memory_(seed.memory) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    return base_.ToJs(context, value);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Datum datum = base_.FromJs(context, value, target);
    CheckConstraints(datum, false, target);
    return datum;
  }

  void CheckNull(const Target &target) const override { CheckConstraints(0, true, target); }

  // What is stored need not pass the checks any more (NOT VALID), and stays when it is assigned.
  bool IsLossy() const override { return true; }
  bool MayBeArray() const override { return base_.MayBeArray(); }

 private:
  // The error stays PostgreSQL's, which names the domain and the constraint; the target is added.
  void CheckConstraints(Datum datum, bool is_null, const Target &target) const {
    Claim claim(&in_use_);
    js::HostScope host(js::Engine::From(v8::Isolate::GetCurrent()));
    try {
      if (claim.holds()) {
        pg::Call([&] { domain_check(datum, is_null, oid_, &checks_, memory_); });
      } else {
        pg::Call([&] { fundb_check_apart(datum, is_null, oid_); });
      }
    } catch (Error &error) {
      NameTarget(&error.report(), *this, target);
      if (error.report().detail.empty()) {
        error.Detail("The value was given for " + DescribeTarget(target) + ".");
      }
      throw;
    }
  }

  Oid oid_;
  const Type &base_;
  MemoryContext memory_;
  // The prepared constraints; PostgreSQL keeps them up to date.
  mutable void *checks_ = nullptr;
  mutable bool in_use_ = false;
};

}  // namespace

TypePointer MakeDomain(const TypeSeed &seed, const Type &base) {
  return std::make_unique<DomainType>(seed, base);
}

}  // namespace fundb::convert
