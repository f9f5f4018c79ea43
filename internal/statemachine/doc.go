// Package statemachine reads and runs state machines of AWS Step Functions that are
// written in the Amazon States Language with JSONata as their query language.
//
// [Parse] refuses what Step Functions refuses when a state machine is created: fields
// that a state does not have, transitions that lead nowhere, states that nothing leads
// to, names used twice, retriers and catchers in the wrong order, JSONata expressions
// that are not closed. [Machine.Run] executes a machine: every state, variables and
// their scopes, retries and catchers, in the order that Step Functions documents.
// It takes no time, waits and retries only move the execution's clock.
//
// JSONata itself is not part of the package: an [Evaluator] is given. What Step
// Functions adds to JSONata ($partition, $range, $hash, $random, $uuid, $parse) and
// takes from it ($eval) is the evaluator's concern, apart from $eval, which Parse refuses.
//
// Not executed, though read: distributed maps, task tokens, timeouts and heartbeats.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
package statemachine
