/* logic-operator.h: the operators that need nothing but the values of their arguments. */
#pragma once

#include "domain/logic-node.h"

/* Applies one of == != === !== > >= < <= max min + - * / % merge in cat substr age_at
 * months_between. An UNKNOWN argument makes the result UNKNOWN (merge keeps unknown items). What
 * cannot be done sets *problem, unless it is set already, and is UNKNOWN. `problem` is a static
 * sentence. */
LogicValue logic_operator_apply (LogicOperator op, const LogicValue *args, guint n,
                                 LogicScratch *scratch, const char **problem);
