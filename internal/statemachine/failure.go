package statemachine

import "slices"

// Names of errors that Step Functions itself raises.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
const (
	ErrorAll               = "States.ALL"
	ErrorTaskFailed        = "States.TaskFailed"
	ErrorTimeout           = "States.Timeout"
	ErrorRuntime           = "States.Runtime"
	ErrorDataLimitExceeded = "States.DataLimitExceeded"
	ErrorQueryEvaluation   = "States.QueryEvaluationError"
	ErrorNoChoiceMatched   = "States.NoChoiceMatched"
)

// TaskError is how a task or a state fails: what retriers and catchers see.
type TaskError struct {
	Name  string // for example CostExplorer.DataUnavailableException
	Cause string // text for people; may be empty
}

func (e *TaskError) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return e.Name + ": " + e.Cause
}

// output is the error output, $states.errorOutput of a catcher.
func (e *TaskError) output() map[string]any {
	return map[string]any{"Error": e.Name, "Cause": e.Cause}
}

// matchedBy tells whether a retrier or catcher for the names takes the error. The
// wildcards take neither States.DataLimitExceeded nor States.Runtime.
func (e *TaskError) matchedBy(names []string) bool {
	if e.Name == ErrorRuntime {
		return false
	}
	if slices.Contains(names, e.Name) {
		return true
	}
	if e.Name == ErrorDataLimitExceeded {
		return false
	}
	return slices.Contains(names, ErrorAll) || slices.Contains(names, ErrorTaskFailed) && e.Name != ErrorTimeout
}
