#include "js/module_callbacks.h"

#include <memory>
#include <utility>

#include "base/error.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/kept.h"
#include "js/module_errors.h"
#include "js/modules.h"
#include "js/realm.h"
#include "js/run_frame.h"
#include "js/specifier.h"

namespace fundb::js {

namespace {

class ImportRequest final : public Request {
 public:
  ImportRequest(v8::Local<v8::Context> context, v8::Local<v8::Value> importer,
                v8::Local<v8::String> specifier)
      : importer_(context, importer), specifier_(context, specifier) {}
  v8::Local<v8::Value> Execute(v8::Local<v8::Context> context) override {
    v8::Isolate *isolate = context->GetIsolate();
    v8::Local<v8::String> specifier = specifier_.Get(isolate);
    // Before a copy is made of it, or V8 makes one piece of it: nobody watches here.
    if (specifier->Length() > static_cast<int>(kLongestSpecifier)) {
      throw SpecifierTooLong(specifier->Length());
    }
    v8::Local<v8::Value> importer = importer_.Get(isolate);
    std::string name =
        importer->IsString() ? ToText(isolate, importer.As<v8::String>()) : std::string();
    return Realm::From(context).module_map().Import(name, ToText(isolate, specifier));
  }

 private:
  // As V8 has them: a script can ask for any number before the first is done, and pieces that its
  // strings share are there once.
  Kept<v8::Value> importer_;
  Kept<v8::String> specifier_;
};

// import(): a request like any other, since the text of the module may come by SQL.
v8::MaybeLocal<v8::Promise> ImportDynamically(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                              v8::Local<v8::Value> importer,
                                              v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray>) {
  v8::Isolate *isolate = context->GetIsolate();
  try {
    v8::Context::Scope entered(context);
    RunFrame *frame = Engine::From(isolate).innermost();
    if (frame == nullptr || !frame->accepts_imports()) {
      throw Error(sqlstate::kInvalidParameter, "import() cannot be used in this context");
    }
    return frame->Enqueue(std::make_unique<ImportRequest>(context, importer, specifier));
  } catch (...) {
    ThrowIntoJavaScript(isolate);
    return v8::MaybeLocal<v8::Promise>();
  }
}

void InitializeImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                          v8::Local<v8::Object> meta) {
  v8::Isolate *isolate = context->GetIsolate();
  try {
    std::string name = Realm::From(context).module_map().NameOf(module);
    Check(meta->CreateDataProperty(context, NewName(isolate, "url"), NewString(isolate, name)));
  } catch (...) {
    ThrowIntoJavaScript(isolate);
  }
}

}  // namespace

v8::MaybeLocal<v8::Module> ResolveImport(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier, v8::Local<v8::FixedArray>,
                                         v8::Local<v8::Module> referrer) {
  v8::Isolate *isolate = context->GetIsolate();
  try {
    v8::Local<v8::Module> module;
    if (Realm::From(context)
            .module_map()
            .ImportOf(referrer, ToText(isolate, specifier))
            .ToLocal(&module)) {
      return module;
    }
    throw Error(sqlstate::kInternal, "import was not loaded");
  } catch (...) {
    ThrowIntoJavaScript(isolate);
    return v8::MaybeLocal<v8::Module>();
  }
}

void InstallModuleCallbacks(v8::Isolate *isolate) {
  isolate->SetHostImportModuleDynamicallyCallback(ImportDynamically);
  isolate->SetHostInitializeImportMetaObjectCallback(InitializeImportMeta);
}

}  // namespace fundb::js
