package controls

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Status is what a program does about a control.
type Status string

// The statuses, from the best to the worst.
const (
	// Satisfied is a control that the declared resources meet, in every covered Region.
	Satisfied Status = "satisfied"
	// Detected is a control on what the account's users do, or on what they deploy: its breach is found and told.
	Detected Status = "detected"
	// ByHand is a control that only a person can meet, or that waits for a person's answer.
	ByHand Status = "by hand"
	// NotCovered is a control that nothing declared meets or watches over.
	NotCovered Status = "not covered"
)

// Statuses are all statuses, from the best to the worst.
func Statuses() []Status { return []Status{Satisfied, Detected, ByHand, NotCovered} }

// Purpose is what a check is for.
type Purpose string

// The purposes of checks.
const (
	// Keeps is for what the baseline itself has to keep before it may watch over others.
	Keeps Purpose = "keeps"
	// Meets is for what meets the control; all of a row's have to hold.
	Meets Purpose = "meets"
	// Finds is for what finds a breach of the control; one of a row's is enough.
	Finds Purpose = "finds"
)

// Result is what a check says.
type Result struct {
	Purpose  Purpose  `json:"purpose"`
	What     string   `json:"what"` // in a few words, what has to be
	Holds    bool     `json:"holds"`
	Evidence []string `json:"evidence,omitempty"` // resources that make it hold, NAME (REGION), sorted
	Lacks    string   `json:"lacks,omitempty"`    // why it does not hold
}

// Control is a row of the map.
type Control struct {
	Title string `json:"title"`
	// CIS3, CIS5 and CIS7 are the numbers in the CIS AWS Foundations Benchmark v3.0.0, v5.0.0 and v7.0.0.
	CIS3 []string `json:"cis3,omitempty"`
	CIS5 []string `json:"cis5,omitempty"`
	CIS7 []string `json:"cis7,omitempty"`
	// SecurityHub are the ids of controls of Security Hub, most of which are in the standard FSBP.
	SecurityHub []string `json:"securityHub,omitempty"`
	// SSB are the ids in the AWS Startup Security Baseline.
	SSB []string `json:"ssb,omitempty"`
	// Own names a promise of the baseline that stands in no benchmark.
	Own string `json:"own,omitempty"`
	// ByHand is what a person has to do, or has to tell the baseline; "" is nothing.
	ByHand string `json:"byHand,omitempty"`
	// Limit is what the baseline does not do about it, and why.
	Limit string `json:"limit,omitempty"`
	// Test is the function that proves that what the checks find in declarations does what it should.
	Test string `json:"test,omitempty"`

	keeps, meets, finds []check
}

// Verdict is a control, judged.
type Verdict struct {
	Control
	Status   Status   `json:"status"`
	Evidence []string `json:"evidence,omitempty"` // resources on which the status rests, NAME (REGION), sorted
	// Why says why the status is no better; "" for Satisfied.
	Why     string   `json:"why,omitempty"`
	Results []Result `json:"results,omitempty"`

	lack string // what is missing, without the limit of the control
}

// Controls are the rows of the map: CIS in the order of v5.0.0, Security Hub, SSB, the baseline's own.
func Controls() []Control {
	return slices.Concat(cisTable(), securityHubTable(), ssbTable(), ownTable())
}

// Judge says for every control what the declared resources do about it.
func Judge(resources []declared.Resource) []Verdict {
	d := read(resources)
	var verdicts []Verdict
	for _, c := range Controls() {
		verdicts = append(verdicts, c.judge(d))
	}
	return verdicts
}

func (c Control) judge(d *declaration) Verdict {
	v := Verdict{Control: c, Status: NotCovered}
	keeps := v.run(d, Keeps, c.keeps)
	meets := v.run(d, Meets, c.meets)
	finds := v.run(d, Finds, c.finds)

	found := slices.ContainsFunc(finds, func(r Result) bool { return r.Holds })
	switch broken := firstLack(keeps); {
	case broken != "":
		v.Why, v.lack = broken, broken
		return v
	case len(meets) > 0 && firstLack(meets) == "":
		v.Status, v.Evidence = Satisfied, evidence(keeps, meets)
		return v
	case found:
		v.Status, v.Evidence, v.lack = Detected, evidence(finds), firstLack(meets)
	case c.ByHand != "":
		v.Status, v.lack = ByHand, firstLack(meets)
	default:
		v.lack = firstOf(firstLack(meets), firstLack(finds))
		if len(keeps) > 0 {
			v.lack += "; what the baseline itself declares meets it"
		}
	}
	v.Why = strings.Trim(c.Limit+"; "+v.lack, "; ")
	return v
}

// run adds the results of checks to the verdict and returns them.
func (v *Verdict) run(d *declaration, purpose Purpose, checks []check) []Result {
	from := len(v.Results)
	for _, c := range checks {
		r := d.result(c)
		r.Purpose = purpose
		v.Results = append(v.Results, r)
	}
	return v.Results[from:]
}

func firstLack(results []Result) string {
	for _, r := range results {
		if !r.Holds {
			return r.Lacks
		}
	}
	return ""
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func evidence(of ...[]Result) []string {
	var all []string
	for _, results := range of {
		for _, r := range results {
			if r.Holds {
				all = append(all, r.Evidence...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
