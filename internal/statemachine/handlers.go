package statemachine

import (
	"fmt"
	"math"
	"slices"
)

// retriers reads the field Retry.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
func (r *reader) retriers(at string, fields map[string]any) []retrier {
	var retriers []retrier
	for i, f := range r.handlers(at, fields, "Retry") {
		place := fmt.Sprintf("%s/Retry/%d", at, i)
		r.known(place, f, "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment")
		retrier := retrier{
			names:    r.errorEquals(place, f, i == len(fields["Retry"].([]any))-1),
			interval: r.number(place, f, "IntervalSeconds", 1, 1, 99999999, true),
			attempts: int(r.number(place, f, "MaxAttempts", 3, 0, 99999999, true)),
			backoff:  r.number(place, f, "BackoffRate", 2, 1, math.MaxFloat64, false),
			maxDelay: r.number(place, f, "MaxDelaySeconds", 0, 1, 31622400, true),
		}
		if retrier.maxDelay != 0 && retrier.maxDelay <= retrier.interval {
			r.schema(place+"/MaxDelaySeconds", "the value has to be greater than IntervalSeconds")
		}
		if jitter, ok := f["JitterStrategy"]; ok && jitter != "FULL" && jitter != "NONE" {
			r.schema(place+"/JitterStrategy", "the value has to be FULL or NONE")
		}
		retriers = append(retriers, retrier)
	}
	return retriers
}

func (r *reader) catchers(at string, fields map[string]any, outer []string) []catcher {
	var catchers []catcher
	for i, f := range r.handlers(at, fields, "Catch") {
		place := fmt.Sprintf("%s/Catch/%d", at, i)
		r.known(place, f, "ErrorEquals", "Next", "Output", "Assign", "Comment")
		r.output(place, f, withErrorOutput, outer)
		catchers = append(catchers, catcher{
			names:  r.errorEquals(place, f, i == len(fields["Catch"].([]any))-1),
			next:   r.required(place, f, "Next"),
			fields: f,
		})
	}
	return catchers
}

func (r *reader) handlers(at string, fields map[string]any, field string) []map[string]any {
	value, ok := fields[field]
	if !ok {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		r.schema(at+"/"+field, "the value has to be an array")
		return nil
	}
	var handlers []map[string]any
	for i, item := range list {
		f, ok := item.(map[string]any)
		if !ok {
			r.schema(fmt.Sprintf("%s/%s/%d", at, field, i), "the value has to be an object")
			return nil
		}
		handlers = append(handlers, f)
	}
	return handlers
}

// errorEquals reads the names of errors. States.ALL stands alone and last.
func (r *reader) errorEquals(at string, fields map[string]any, last bool) []string {
	list, ok := fields["ErrorEquals"].([]any)
	if !ok || len(list) == 0 {
		r.schema(at+"/ErrorEquals", "the field 'ErrorEquals' has to be an array with at least one error name")
		return nil
	}
	var names []string
	for i, item := range list {
		name, ok := item.(string)
		if !ok || name == "" {
			r.schema(fmt.Sprintf("%s/ErrorEquals/%d", at, i), "an error name has to be a string")
			continue
		}
		names = append(names, name)
	}
	if slices.Contains(names, ErrorAll) && (len(names) > 1 || !last) {
		r.schema(at+"/ErrorEquals", "States.ALL has to stand alone, and in the last element")
	}
	return names
}

// number reads an optional number.
func (r *reader) number(at string, fields map[string]any, field string, otherwise, low, high float64, whole bool) float64 {
	value, ok := fields[field]
	if !ok {
		return otherwise
	}
	n, ok := value.(float64)
	if !ok || n < low || n > high || whole && n != math.Trunc(n) {
		r.schema(at+"/"+field, "the value has to be a number of at least %v", low)
		return otherwise
	}
	return n
}
