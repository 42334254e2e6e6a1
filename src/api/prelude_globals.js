// FunDB as rules see it.  The files prelude_*.js are run one behind the other, each with what those
// before it gave (setup.cpp has the order), once per realm and before any rule's code: checks and
// copies of arguments, shapes of results, and the methods, old and new names of which are members
// of one frozen object.  Nothing of their scopes but these globals may get into the hands of a rule.
(function (parts) {
'use strict';

const { api, FunDBError, formatDate, formatName, formatValue } = parts;

parts.globals = {
  FunDB: api, OzmaDB: api,
  FunDBError, OzmaDBError: FunDBError,
  formatDate, renderDate: formatDate,
  formatOzmaQLName: formatName, formatFunQLName: formatName, renderFunQLName: formatName,
  formatOzmaQLValue: formatValue, formatFunQLValue: formatValue, renderFunQLValue: formatValue,
};
})
