// getRelatedEntries: the tree of rows that a deletion concerns.  recursiveDeleteEntry: that
// deletion, row by row, so that the rules of every table run.  V8 and PostgreSQL.

#include <map>

#include "api/errors.h"
#include "api/natives.h"
#include "api/references.h"
#include "api/request.h"
#include "api/write.h"
#include "base/text.h"
#include "convert/pinned_settings.h"
#include "convert/type.h"

namespace fundb::api {

namespace {

using v8::Local;

struct Node {
  std::shared_ptr<Table> table;
  RowKey key;
  struct Reference {
    const Referrer *by;
    size_t row;
  };
  std::vector<Reference> references;
  // Of the deletion: whether what refers to the row, and would stop it, is gone, and the row too.
  enum class Deletion { kNone, kClearing, kCleared, kDone };
  Deletion deletion = Deletion::kNone;
};

// A tree of more rows is somebody's mistake, and nobody could look at it.
constexpr size_t kMostNodes = 100000;
constexpr size_t kMostReferences = 1000000;
// Of keys as text, each time that one is met: a key may be long.
constexpr size_t kMostKeyBytes = 32 * 1024 * 1024;

class Tree {
 public:
  Tree(Tables &tables, std::shared_ptr<Table> table, RowKey key) : tables_(tables) {
    Follow(FindOrAdd(std::move(table), std::move(key)));
    // Rows are appended while they are looked at, each table's referrers are read once.
    for (size_t i = 0; i < followed_.size(); ++i) {
      if (nodes_[followed_[i]].key.key != nullptr) Expand(followed_[i]);
    }
  }

  std::vector<Node> &nodes() { return nodes_; }

 private:
  static std::string Text(const Table &table, const RowKey &key) {
    // Two keys are never the same text.
    convert::PinnedSettings pinned;
    std::string text = std::to_string(table.oid);
    for (size_t i = 0; i < key.values.values.size(); ++i) {
      const Column &column = table.columns[static_cast<size_t>(key.key->columns[i])];
      Datum value = key.values.values[i];
      char *part = pg::Call([&] {
        Oid output;
        bool is_varlena;
        getTypeOutputInfo(column.type, &output, &is_varlena);
        return OidOutputFunctionCall(output, value);
      });
      text += ' ' + QuoteIdentifier(part);
      pg::Call([&] { pfree(part); });
    }
    return text;
  }

  size_t FindOrAdd(std::shared_ptr<Table> table, RowKey key) {
    if (key.key != nullptr) {
      std::string text = Text(*table, key);
      key_bytes_ += text.size();
      if (key_bytes_ > kMostKeyBytes) {
        throw RequestError("54000", "keys of entries that are related to entity " +
                                        Quoted(nodes_[0].table->ref.Text()) +
                                        " take more than 32 MB");
      }
      auto [found, is_new] = index_.emplace(std::move(text), nodes_.size());
      if (!is_new) return found->second;
    }
    if (nodes_.size() >= kMostNodes) {
      throw RequestError("54000", "more than " + std::to_string(kMostNodes) +
                                      " entries are related to entity " +
                                      Quoted(nodes_[0].table->ref.Text()));
    }
    Node node;
    node.table = std::move(table);
    node.key = std::move(key);
    nodes_.push_back(std::move(node));
    is_followed_.push_back(false);
    return nodes_.size() - 1;
  }

  void Follow(size_t i) {
    if (is_followed_[i]) return;
    is_followed_[i] = true;
    followed_.push_back(i);
  }

  void Expand(size_t i) {
    std::shared_ptr<Table> table = nodes_[i].table;
    auto known = referrers_.find(table->oid);
    if (known == referrers_.end()) {
      known = referrers_.emplace(table->oid, FindReferrers(tables_, *table)).first;
    }
    for (const Referrer &referrer : known->second) {
      for (RowKey &key : FindReferringRows(*table, nodes_[i].key, referrer)) {
        pg::Call([] { CHECK_FOR_INTERRUPTS(); });
        size_t row = FindOrAdd(referrer.table, std::move(key));
        // A row that stays is not followed further, unless another reference lets it go.
        bool stays = referrer.action == DeleteAction::kSetNull ||
                     referrer.action == DeleteAction::kSetDefault;
        if (!stays) Follow(row);
        if (++reference_count_ > kMostReferences) {
          throw RequestError("54000", "more than " + std::to_string(kMostReferences) +
                                          " references lead to entries of entity " +
                                          Quoted(nodes_[0].table->ref.Text()));
        }
        nodes_[i].references.push_back({&referrer, row});
      }
    }
  }

  Tables &tables_;
  std::vector<Node> nodes_;
  std::vector<bool> is_followed_;
  std::vector<size_t> followed_;
  std::map<std::string, size_t> index_;
  // What references point to.
  std::map<Oid, std::vector<Referrer>> referrers_;
  size_t reference_count_ = 0;
  size_t key_bytes_ = 0;
};

class Shower {
 public:
  explicit Shower(Local<v8::Context> context)
      : context_(context), isolate_(context->GetIsolate()) {}

  Local<v8::Value> Show(const std::vector<Node> &nodes) {
    Local<v8::Array> list = v8::Array::New(isolate_, static_cast<int>(nodes.size()));
    for (size_t i = 0; i < nodes.size(); ++i) {
      v8::HandleScope handles(isolate_);
      js::Engine::From(isolate_).CheckInterrupts();
      js::Check(list->Set(context_, static_cast<uint32_t>(i), ShowNode(nodes[i])));
    }
    Local<v8::Object> tree = v8::Object::New(isolate_);
    Set(tree, "nodes", list);
    Set(tree, "root", v8::Integer::New(isolate_, 0));
    return tree;
  }

 private:
  void Set(Local<v8::Object> object, const char *name, Local<v8::Value> value) {
    js::Check(object->CreateDataProperty(context_, js::NewName(isolate_, name), value));
  }

  Local<v8::Object> Entity(const std::string &schema, const std::string &name) {
    Local<v8::Object> entity = v8::Object::New(isolate_);
    Set(entity, "schema", js::NewString(isolate_, schema));
    Set(entity, "name", js::NewString(isolate_, name));
    return entity;
  }

  Local<v8::Object> ShowNode(const Node &node) {
    Local<v8::Object> shown = v8::Object::New(isolate_);
    Set(shown, "entity", Entity(node.table->ref.schema, node.table->ref.name));
    Local<v8::Value> id = v8::Null(isolate_);
    if (node.key.key != nullptr)
      id = KeyToJs(context_, *node.table, *node.key.key, node.key.values);
    Set(shown, "id", id);
    Local<v8::Array> references = v8::Array::New(isolate_);
    uint32_t count = 0;
    for (const Node::Reference &reference : node.references) {
      v8::HandleScope handles(isolate_);
      js::Engine::From(isolate_).CheckInterrupts();
      Local<v8::Object> field = v8::Object::New(isolate_);
      Set(field, "entity", Entity(reference.by->table->ref.schema, reference.by->table->ref.name));
      Set(field, "name", js::NewString(isolate_, reference.by->fields[0]));
      Local<v8::Object> item = v8::Object::New(isolate_);
      Set(item, "field", field);
      Set(item, "row", v8::Integer::New(isolate_, static_cast<int>(reference.row)));
      Set(item, "deleteAction", js::NewString(isolate_, DeleteActionName(reference.by->action)));
      js::Check(references->Set(context_, count++, item));
    }
    Set(shown, "references", references);
    return shown;
  }

  Local<v8::Context> context_;
  v8::Isolate *isolate_;
};

// Whoever refers goes first.  Rows that PostgreSQL will delete by itself are left to it, but what
// refers to them and would stop it goes as well, and they go when they would stop others.  A row
// that refers no more when its turn comes is let go: triggers, rules and other sessions may have
// changed it.
class Deleter {
 public:
  explicit Deleter(std::vector<Node> &nodes) : nodes_(nodes) {}

  void DeleteRoot() {
    Clear(0);
    CheckMayDelete(nodes_[0]);
    DeleteRow(*nodes_[0].table, nodes_[0].key);
  }

 private:
  using Deletion = Node::Deletion;

  static void CheckMayDelete(const Node &node) {
    CheckNotFrozen(*node.table);
    if (node.key.key != nullptr) return;
    throw RequestError(sqlstate::kInvalidParameter,
                       "entity " + Quoted(node.table->ref.Text()) + " has no primary key",
                       "Delete its entries with FunDB.runCommand first.");
  }

  // A row that is being cleared: up to which of its references, and how many were deleted before
  // that one.
  struct Clearing {
    size_t row;
    size_t next = 0;
    size_t before = 0;
  };

  // Deletes what would stop the deletion of a row.  No recursion: rows may refer to each other in a
  // chain as long as the tree is large.
  void Clear(size_t root) {
    std::vector<Clearing> path;
    Enter(root, &path);
    while (!path.empty()) {
      Clearing &last = path.back();
      if (last.next == nodes_[last.row].references.size()) {
        nodes_[last.row].deletion = Deletion::kCleared;
        path.pop_back();
        if (!path.empty()) DeleteNext(path.back());
        continue;
      }
      if (!StopsDeletion(last)) {
        ++last.next;
        continue;
      }
      last.before = deleted_;
      size_t row = nodes_[last.row].references[last.next].row;
      if (nodes_[row].deletion == Deletion::kNone) {
        Enter(row, &path);
      } else {
        DeleteNext(last);
      }
    }
  }

  void Enter(size_t row, std::vector<Clearing> *path) {
    nodes_[row].deletion = Deletion::kClearing;
    path->push_back({row});
  }

  Reference ReferenceTo(const Clearing &clearing) const {
    const Node &target = nodes_[clearing.row];
    return {*target.references[clearing.next].by, *target.table, target.key};
  }

  bool StopsDeletion(const Clearing &clearing) {
    const Node::Reference &reference = nodes_[clearing.row].references[clearing.next];
    DeleteAction action = reference.by->action;
    if (action != DeleteAction::kNoAction && action != DeleteAction::kCascade) return false;
    Node &node = nodes_[reference.row];
    // One that is being cleared refers to itself, by other rows or at once: it comes last.
    if (node.deletion == Deletion::kClearing || node.deletion == Deletion::kDone) return false;
    // To delete a row asks that, too, so this is for those that others refer to.
    bool is_leaf = node.key.key == nullptr || node.references.empty();
    return is_leaf || Refers(*node.table, node.key, ReferenceTo(clearing));
  }

  // Deletes the row of the next reference, which is cleared.
  void DeleteNext(Clearing &clearing) {
    const Node::Reference &reference = nodes_[clearing.row].references[clearing.next];
    if (reference.by->action == DeleteAction::kNoAction) {
      Delete(nodes_[reference.row], ReferenceTo(clearing), deleted_ != clearing.before);
    }
    ++clearing.next;
  }

  void Delete(Node &node, const Reference &reference, bool was_cleared) {
    CheckMayDelete(node);
    try {
      Referring was = DeleteReferringRow(*node.table, node.key, reference);
      if (was == Referring::kTakenAway && was_cleared) {
        throw Error("40001", "an entry of entity " + Quoted(node.table->ref.Text()) +
                                 " was changed while what refers to it was deleted")
            .Hint("Run the statement again.");
      }
      if (was != Referring::kDeleted) return;
    } catch (const Error &error) {
      // A rule or a cascade was faster.
      if (error.report().kind != "entryNotFound") throw;
    }
    node.deletion = Deletion::kDone;
    ++deleted_;
  }

  std::vector<Node> &nodes_;
  size_t deleted_ = 0;
};

class RelatedRequest final : public ApiRequest {
 public:
  RelatedRequest(const NativeInfo &info, bool deletes)
      : ApiRequest(info.GetIsolate()),
        ref_(EntityArgument(info, 0)),
        key_(info.GetIsolate(), info[2]),
        deletes_(deletes) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    std::shared_ptr<Table> table = api().tables().Find(ref_);
    RowKey key = ReadRowKey(context, *table, key_.Get(context->GetIsolate()),
                            api().settings().ignore_unknown_fields);
    // Rows are told apart by their keys as these are stored.
    if (table->primary_key != nullptr) {
      key = StoredKey(*table, key);
    } else {
      CheckExists(*table, key);
    }
    Tree tree(api().tables(), table, std::move(key));
    Local<v8::Value> shown = Shower(context).Show(tree.nodes());
    if (deletes_) Deleter(tree.nodes()).DeleteRoot();
    return shown;
  }

 private:
  static void CheckExists(Table &table, RowKey &key) {
    auto plan = table.Statement(StatementName("find", key.key), [&](std::vector<Oid> *types) {
      return "SELECT 1 FROM " + table.QualifiedName() + " WHERE " +
             KeyCondition(table, *key.key, types);
    });
    if (pg::Execute(*plan, key.values, false, 1) == 0) throw EntryNotFound(table.ref.Text());
  }

  EntityRef ref_;
  v8::Global<v8::Value> key_;
  bool deletes_;
};

}  // namespace

void GetRelatedEntries(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<RelatedRequest>(info, false)); });
}

void RecursiveDeleteEntry(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<RelatedRequest>(info, true)); });
}

}  // namespace fundb::api
