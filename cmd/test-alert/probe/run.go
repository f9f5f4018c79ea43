package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/components/alerthub/testalert"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// Options say in which account the events happen.
type Options struct {
	AccountFile string // of the simulated account; it is read, never changed
	Confirmed   bool   // every subscription counts as confirmed by its owner
}

// Run raises the test event of each severity in each Region of the hub and prints what became of it. It fails when a
// message was dropped, and when nobody listens. A subscription that waits for its confirmation is no failure: a person
// has to click.
func Run(w io.Writer, h Hub, o Options) error {
	account, done, err := open(h, o)
	if err != nil {
		return err
	}
	defer done()
	var total tally
	for _, region := range h.Regions {
		for _, severity := range h.Severities {
			fmt.Fprintf(w, "TEST: %s alert from %s\n", severity, region)
			deliveries := account.PutEvent(region, event(h, region, severity))
			if len(deliveries) == 0 {
				fmt.Fprintln(w, "  dropped  no rule of the hub hears it")
				total.dropped++
			}
			for _, d := range deliveries {
				total.print(w, account, d)
			}
		}
	}
	fmt.Fprintf(w, "\n%d read, %d waiting for a confirmation, %d dropped.\n", total.read, total.waiting, total.dropped)
	if total.waiting > 0 {
		fmt.Fprintln(w, "Whoever waits has to click the link in the mail \"AWS Notification - Subscription Confirmation\"; -confirmed shows what happens then.")
	}
	if total.dropped > 0 {
		return fmt.Errorf("%d messages were dropped", total.dropped)
	}
	return nil
}

// open serves a copy of the account, so that a test leaves no trace in it.
func open(h Hub, o Options) (account *awssim.Account, done func(), err error) {
	text, err := os.ReadFile(o.AccountFile)
	if err != nil {
		return nil, nil, fmt.Errorf("simulated account: %w; deploy first (make up)", err)
	}
	scratch, err := os.MkdirTemp("", "test-alert-")
	if err != nil {
		return nil, nil, err
	}
	discard := func() { os.RemoveAll(scratch) }
	file := filepath.Join(scratch, "account.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		discard()
		return nil, nil, err
	}
	server, err := awssim.Serve(awssim.Options{File: file, AccountID: h.Account, Partition: h.Partition})
	if err != nil {
		discard()
		return nil, nil, err
	}
	account = server.Account()
	if o.Confirmed {
		for arn := range account.SNS.Subscriptions {
			err = errors.Join(err, account.ConfirmSubscription(arn))
		}
	}
	return account, func() { _ = server.Close(); discard() }, err
}

func event(h Hub, region, severity string) string {
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": "00000000-0000-4000-8000-000000000000", "detail-type": testalert.DetailType, "source": testalert.Source,
		"account": h.Account, "time": time.Now().UTC().Format(time.RFC3339), "region": region, "resources": []any{},
		"detail": json.RawMessage(testalert.Detail(h.Prefix, severity)),
	})
	if err != nil {
		panic("probe: " + err.Error()) // values of our own
	}
	return string(text)
}

// tally counts what became of messages.
type tally struct{ read, waiting, dropped int }

func (t *tally) print(w io.Writer, account *awssim.Account, d awssim.Delivery) {
	last := d.Trail[len(d.Trail)-1]
	subscription := account.SNS.Subscriptions[last.ARN]
	switch {
	case d.Arrived():
		t.read++
		fmt.Fprintf(w, "  read     %s\n", recipient(d))
		for _, line := range strings.Split(d.Text, "\n") {
			fmt.Fprintf(w, "           | %s\n", line)
		}
	case plainWordsToSlack(d):
		return
	case subscription != nil && subscription.Pending:
		t.waiting++
		fmt.Fprintf(w, "  waiting  %s\n", recipient(d))
	default:
		t.dropped++
		fmt.Fprintf(w, "  dropped  %s\n", d.Dropped)
		if d.DeadLetter != "" {
			fmt.Fprintf(w, "           kept in %s\n", d.DeadLetter)
		}
	}
	for _, hop := range d.Trail {
		fmt.Fprintf(w, "           %s %s\n", hop.Kind, hop.ARN)
	}
}

// plainWordsToSlack tells of the copy that the Slack app drops by design: it hears the severity's topic for alarms and
// budgets, and is told of events in its own schema by the chat topic.
func plainWordsToSlack(d awssim.Delivery) bool {
	if d.Protocol != "slack" {
		return false
	}
	for _, hop := range d.Trail {
		if hop.Kind == "topic" && strings.HasSuffix(hop.ARN, "-chat") {
			return false
		}
	}
	return true
}

// recipient is who reads it. The URL of a webhook is a secret.
func recipient(d awssim.Delivery) string {
	if d.Protocol == "api-destination" {
		return "webhook (its URL is secret)"
	}
	return d.Protocol + " " + d.Endpoint
}
