package digest

import "fmt"

// source is what the digest says of a topic: where the figure comes from, or why it is not looked at.
type source struct {
	Missing string `json:"missing,omitempty"`
}

// written is the report with the component's arguments.
func (b *builder) written() report {
	args := b.args
	r := report{
		partition: b.where.Partition, accountID: b.where.ID, region: b.where.Region,
		logGroup: args.LogGroupName, config: args.Config, aggregator: args.ConfigAggregator, findings: args.Findings,
		topic: b.topic(), chatTopic: b.chatTopic(), sources: map[string]source{},
	}
	for _, q := range questions {
		r.sources[q.ID] = source{}
		if args.LogGroupName == "" {
			r.sources[q.ID] = source{Missing: "the digest was given no log group of a trail"}
		}
	}
	r.sources[topicRules], r.sources[topicFindings] = source{}, source{}
	if !args.Config {
		r.sources[topicRules] = source{Missing: "the digest was not told to ask AWS Config"}
	}
	if args.Findings == NoFindings {
		r.sources[topicFindings] = source{Missing: "the digest was told to ask neither Security Hub nor GuardDuty"}
	}
	return r
}

// origins say where the figures come from, a line each.
func (r report) origins() []string {
	origins := []string{}
	if r.logGroup != "" {
		origins = append(origins, fmt.Sprintf("Calls, sign-ins and keys: the trail's log group %s, by CloudWatch Logs Insights.", r.logGroup))
	}
	switch {
	case r.aggregator != "":
		origins = append(origins, fmt.Sprintf("Rules: AWS Config in the Regions of the aggregator %s.", r.aggregator))
	case r.config:
		origins = append(origins, fmt.Sprintf("Rules: AWS Config in %s only.", r.region))
	}
	switch r.findings {
	case SecurityHub:
		origins = append(origins, fmt.Sprintf("Findings: Security Hub in %s, with what is aggregated there; neither suppressed nor resolved.", r.region))
	case GuardDuty:
		origins = append(origins, fmt.Sprintf("Findings: GuardDuty in %s only; not archived.", r.region))
	}
	return origins
}
