// Package probe sends the test event of an alert hub through a simulated account and tells what became of it.
package probe

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/alerthub/testalert"
)

// Hub is what is to be known of a deployed alert hub.
type Hub struct {
	Partition, Account string
	Prefix             string   // of the hub's physical names
	Home               string   // Region of the topics
	Regions            []string // with rules, sorted
	Severities         []string // critical, informational, warning
}

// HubOf reads a hub from a stack's outputs as JSON: alertTopics (ARN by severity) and deadLetterQueues (URL by Region).
func HubOf(outputs []byte) (Hub, error) {
	var stack struct {
		AlertTopics      map[string]string `json:"alertTopics"`
		DeadLetterQueues map[string]string `json:"deadLetterQueues"`
	}
	if err := json.Unmarshal(outputs, &stack); err != nil {
		return Hub{}, fmt.Errorf("the stack's outputs are not JSON: %w; deploy first (make up), then: go run ./cmd/pulumi-local stack output --json", err)
	}
	if len(stack.AlertTopics) == 0 || len(stack.DeadLetterQueues) == 0 {
		return Hub{}, fmt.Errorf("the stack has no outputs alertTopics and deadLetterQueues; deploy it first (make up)")
	}
	hub := Hub{Regions: slices.Sorted(maps.Keys(stack.DeadLetterQueues)), Severities: slices.Sorted(maps.Keys(stack.AlertTopics))}
	severity := hub.Severities[0]
	parts := strings.SplitN(stack.AlertTopics[severity], ":", 6)
	if len(parts) != 6 || parts[2] != "sns" || !strings.HasSuffix(parts[5], "-"+severity) {
		return Hub{}, fmt.Errorf("output alertTopics[%q]: %q is not the ARN of a topic PREFIX-%s", severity, stack.AlertTopics[severity], severity)
	}
	hub.Partition, hub.Home, hub.Account = parts[1], parts[3], parts[4]
	hub.Prefix = strings.TrimSuffix(parts[5], "-"+severity)
	return hub, nil
}

// In is the hub with fewer Regions. It fails for a Region in which the hub has no rules.
func (h Hub) In(regions []string) (Hub, error) {
	for _, region := range regions {
		if !slices.Contains(h.Regions, region) {
			return h, fmt.Errorf("the hub has no rules in %q; it has in %s", region, strings.Join(h.Regions, ", "))
		}
	}
	h.Regions = regions
	return h, nil
}

// Commands prints the lines for the AWS CLI that send the test events of a hub on a real account.
func Commands(w io.Writer, h Hub) {
	fmt.Fprintln(w, "\nOn a real account, with credentials that may call events:PutEvents:")
	for _, region := range h.Regions {
		for _, severity := range h.Severities {
			entry, err := json.Marshal([]map[string]string{{
				"Source": testalert.Source, "DetailType": testalert.DetailType, "Detail": testalert.Detail(h.Prefix, severity),
			}})
			if err != nil {
				panic("probe: " + err.Error()) // strings only
			}
			fmt.Fprintf(w, "  aws events put-events --region %s --entries '%s'\n", region, entry)
		}
	}
	fmt.Fprintln(w, "What was not delivered after a day waits in the queues of the output deadLetterQueues.")
}
