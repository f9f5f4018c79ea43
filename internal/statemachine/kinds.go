package statemachine

import (
	"fmt"
	"regexp"
	"time"
)

// target is a state that another one leads to.
type target struct{ name, field string }

func (s *state) targets() []target {
	var targets []target
	add := func(name, field string) {
		if name != "" {
			targets = append(targets, target{name, field})
		}
	}
	add(s.next, "/Next")
	for i, rule := range s.rules {
		add(rule.next, fmt.Sprintf("/Choices/%d/Next", i))
	}
	for i, catcher := range s.catchers {
		add(catcher.next, fmt.Sprintf("/Catch/%d/Next", i))
	}
	if s.kind == "Choice" {
		otherwise, _ := s.fields["Default"].(string)
		add(otherwise, "/Default")
	}
	return targets
}

// resourceARN is the form of a Task's resource.
var resourceARN = regexp.MustCompile(`^arn:[a-z-]+:(states|lambda):[a-z0-9-]*:(\d{12})?:[^\s{}]+$`)

// kindFields reads the fields that only one type of state has.
func (r *reader) kindFields(at string, s *state, outer, visible []string) {
	f := s.fields
	switch s.kind {
	case "Task":
		resource := r.required(at, f, "Resource")
		if resource != "" && !resourceARN.MatchString(resource) {
			r.schema(at+"/Resource", "Value is not a valid resource ARN")
		}
		r.tasks = append(r.tasks, TaskState{s.name, resource})
		r.template(at+"/Arguments", f["Arguments"], withNeither)
		r.template(at+"/Credentials", f["Credentials"], withNeither)
		r.wholeOrExpression(at, f, "TimeoutSeconds", 1, 99999999)
		r.wholeOrExpression(at, f, "HeartbeatSeconds", 1, 99999999)
	case "Choice":
		s.rules = r.rules(at, f, outer)
		if _, ok := f["Default"]; ok {
			r.required(at, f, "Default")
		}
	case "Wait":
		r.wait(at, f)
	case "Fail":
		for _, field := range []string{"Error", "Cause"} {
			if _, ok := f[field]; ok {
				r.text(at+"/"+field, r.required(at, f, field), withNeither)
			}
		}
	case "Parallel":
		r.template(at+"/Arguments", f["Arguments"], withNeither)
		s.branches = r.branches(at, f, visible)
	case "Map":
		r.mapFields(at, s, visible)
	}
}

func (r *reader) rules(at string, fields map[string]any, outer []string) []rule {
	list, ok := fields["Choices"].([]any)
	if !ok || len(list) == 0 {
		r.schema(at+"/Choices", "a Choice state needs at least one rule")
		return nil
	}
	var rules []rule
	for i, item := range list {
		place := fmt.Sprintf("%s/Choices/%d", at, i)
		f, ok := item.(map[string]any)
		if !ok {
			r.schema(place, "a rule has to be an object")
			continue
		}
		r.known(place, f, "Condition", "Next", "Output", "Assign", "Comment")
		condition, ok := f["Condition"]
		switch v := condition.(type) {
		case bool:
		case string:
			r.textExpression(place+"/Condition", v)
		default:
			if ok {
				r.schema(place+"/Condition", "the value has to be a JSONata expression, true or false")
			} else {
				r.schema(place, "the field 'Condition' is missing")
			}
		}
		r.output(place, f, withNeither, outer)
		rules = append(rules, rule{condition, r.required(place, f, "Next"), f})
	}
	return rules
}

func (r *reader) wait(at string, fields map[string]any) {
	_, seconds := fields["Seconds"]
	timestamp, until := fields["Timestamp"]
	if seconds == until {
		r.schema(at, "a Wait state has exactly one of 'Seconds' and 'Timestamp'")
	}
	r.wholeOrExpression(at, fields, "Seconds", 0, 99999999)
	if !until {
		return
	}
	text, _ := timestamp.(string)
	if _, ok := expression(text); ok {
		r.text(at+"/Timestamp", text, withNeither)
	} else if _, err := time.Parse(time.RFC3339, text); err != nil {
		r.schema(at+"/Timestamp", "the value has to be a time in the form 2025-01-31T09:00:00Z or a JSONata expression")
	}
}

func (r *reader) branches(at string, fields map[string]any, visible []string) []*block {
	list, ok := fields["Branches"].([]any)
	if !ok || len(list) == 0 {
		r.schema(at+"/Branches", "a Parallel state needs at least one branch")
		return nil
	}
	var branches []*block
	for i, item := range list {
		place := fmt.Sprintf("%s/Branches/%d", at, i)
		f, ok := item.(map[string]any)
		if !ok {
			r.schema(place, "a branch has to be an object")
			continue
		}
		r.known(place, f, "Comment", "StartAt", "States", "QueryLanguage")
		branches = append(branches, r.block(place, f, r.language(place, f, "JSONata"), visible))
	}
	return branches
}

func (r *reader) mapFields(at string, s *state, visible []string) {
	f := s.fields
	switch items := f["Items"].(type) {
	case nil:
		if _, ok := f["Items"]; ok {
			r.schema(at+"/Items", "the value has to be an array, an object or a JSONata expression")
		}
	case string:
		r.textExpression(at+"/Items", items)
	case []any, map[string]any:
		r.template(at+"/Items", items, withNeither)
	default:
		r.schema(at+"/Items", "the value has to be an array, an object or a JSONata expression")
	}
	r.template(at+"/ItemSelector", f["ItemSelector"], withNeither)
	r.wholeOrExpression(at, f, "MaxConcurrency", 0, 10000)
	r.wholeOrExpression(at, f, "ToleratedFailureCount", 0, 99999999)
	r.wholeOrExpression(at, f, "ToleratedFailurePercentage", 0, 100)
	place := at + "/ItemProcessor"
	processor, ok := f["ItemProcessor"].(map[string]any)
	if !ok {
		r.schema(place, "a Map state needs an ItemProcessor")
		return
	}
	r.known(place, processor, "Comment", "StartAt", "States", "QueryLanguage", "ProcessorConfig")
	mode := "INLINE"
	if value, ok := processor["ProcessorConfig"]; ok {
		config, _ := value.(map[string]any)
		r.known(place+"/ProcessorConfig", config, "Mode", "ExecutionType")
		if given, ok := config["Mode"]; ok {
			mode, _ = given.(string)
		}
	}
	switch mode {
	case "INLINE":
		for _, field := range []string{"Label", "ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailureCount", "ToleratedFailurePercentage"} {
			if _, ok := f[field]; ok {
				r.schema(at+"/"+field, "the field '%s' is for Map states with the mode DISTRIBUTED", field)
			}
		}
	case "DISTRIBUTED":
		r.distributed = true
		visible = nil // a distributed map runs executions of their own
	default:
		r.schema(place+"/ProcessorConfig/Mode", "the mode is INLINE or DISTRIBUTED")
	}
	s.processor = r.block(place, processor, r.language(place, processor, "JSONata"), visible)
}
