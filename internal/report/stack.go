package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

// Stack is what a report tells about.
type Stack struct {
	*plan.Plan
	Deployed bool   // there was a deployment, which the Outputs are of
	Account  string // 12 digits; "" when nothing tells
	Home     string // home Region

	assumptions assumptions
}

// state is what a preview says of a resource.
type state = map[string]any

// Read reads the output of `pulumi preview --json --show-sames`. Values that a preview cannot know, since what they are of
// does not exist yet, are made up in AWS's form where the preview says what they depend on, so that a stack can be judged
// before it is deployed.
func Read(r io.Reader) (*Stack, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var preview map[string]any
	if err := json.Unmarshal(text, &preview); err != nil {
		return nil, fmt.Errorf("this is not what `pulumi preview --json --show-sames` prints: %w", err)
	}
	partition, account := accountOf(text)
	steps, _ := preview["steps"].([]any)
	before, after := states(steps, "oldState"), states(steps, "newState")
	fill(after, partition, account)
	outputs := outputsOf(before)
	for _, s := range after {
		if s["type"] == "pulumi:pulumi:Stack" && s["outputs"] == nil && outputs != nil {
			s["outputs"] = outputs
		}
	}
	filled, err := json.Marshal(preview)
	if err != nil {
		return nil, err
	}
	p, err := plan.Read(bytes.NewReader(filled))
	if err != nil {
		return nil, err
	}
	s := &Stack{Plan: p, Deployed: outputs != nil, Account: account}
	s.assumptions = assumptionsOf(p.Project, p.Config)
	s.Home = homeOf(s)
	return s, nil
}

// states are the resources of steps, by URN.
func states(steps []any, side string) map[string]state {
	all := map[string]state{}
	for _, element := range steps {
		step, _ := element.(map[string]any)
		if s, ok := step[side].(map[string]any); ok {
			all[text(s, "urn")] = s
		}
	}
	return all
}

func outputsOf(before map[string]state) map[string]any {
	for _, s := range before {
		if s["type"] == "pulumi:pulumi:Stack" {
			outputs, _ := s["outputs"].(map[string]any)
			return outputs
		}
	}
	return nil
}

var arn = regexp.MustCompile(`arn:(aws[a-z-]*):[a-z0-9-]*:[a-z0-9-]*:(\d{12}):`)

// accountOf is the partition and account that most ARNs of a preview name.
func accountOf(text []byte) (partition, account string) {
	count := map[string]int{}
	partition = "aws"
	for _, match := range arn.FindAllSubmatch(text, -1) {
		found := string(match[2])
		count[found]++
		if n := count[found]; account == "" || n > count[account] || n == count[account] && found < account {
			partition, account = string(match[1]), found
		}
	}
	return partition, account
}

// homeOf is the Region that the settings name, or that of the topics, or of most resources.
func homeOf(s *Stack) string {
	if region := s.Config["aws:region"]; region != "" {
		return region
	}
	count, home := map[string]int{}, ""
	for _, r := range s.After {
		weight := 1
		if r.Type == topicType {
			weight = len(s.After)
		}
		count[r.Region] += weight
		if n := count[r.Region]; n > count[home] || n == count[home] && r.Region < home {
			home = r.Region
		}
	}
	return home
}

func text(from map[string]any, key string) string {
	value, _ := from[key].(string)
	return value
}

// texts are the texts of a list; anything else in it is left out.
func texts(value any) (all []string) {
	list, _ := value.([]any)
	for _, element := range list {
		if s, ok := element.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// last is what follows the last separator.
func last(s, separator string) string {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[i+len(separator):]
	}
	return s
}
