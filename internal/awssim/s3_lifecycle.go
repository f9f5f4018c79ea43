package awssim

import (
	"fmt"
	"slices"
)

const (
	lifecycleDoc      = s3API + "PutBucketLifecycleConfiguration.html"
	transitionDoc     = s3Doc + "userguide/lifecycle-transition-general-considerations.html"
	lifecycleConflict = s3Doc + "userguide/intro-lifecycle-rules.html"
	lifecycleRules    = 1000
	infrequentDays    = 30 // objects stay that long in STANDARD and in each infrequent-access class
)

// storageClasses is the order in which objects may move down.
var storageClasses = []string{"STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}

// infrequent are the classes that objects enter after 30 days at the earliest.
var infrequent = []string{"STANDARD_IA", "ONEZONE_IA"}

func s3CheckLifecycle(in props) error {
	if err := oneOf(in, "transitionDefaultMinimumObjectSize", "InvalidRequest", lifecycleDoc, "all_storage_classes_128K", "varies_by_storage_class"); err != nil {
		return err
	}
	if isUnknown(in["rules"]) {
		return nil
	}
	rules := objects(in, "rules")
	if n := len(list(in, "rules")); n == 0 || n > lifecycleRules {
		return refuse("MalformedXML", fmt.Sprintf("a lifecycle configuration has 1 to %d rules, not %d", lifecycleRules, n), lifecycleDoc)
	}
	seen := map[string]bool{}
	for _, rule := range rules {
		id := str(rule, "id")
		switch {
		case len(id) > 255:
			return refuse("InvalidArgument", "ID length should not exceed allowed limit of 255", lifecycleDoc)
		case id != "" && seen[id]:
			return refuse("InvalidArgument", fmt.Sprintf("Rule ID must be unique. Found same ID for more than one rule: %q", id), lifecycleDoc)
		}
		seen[id] = true
		if err := s3CheckRule(rule); err != nil {
			return err
		}
	}
	return nil
}

func s3CheckRule(rule props) error {
	id := str(rule, "id")
	if err := oneOf(rule, "status", "MalformedXML", lifecycleDoc, "Enabled", "Disabled"); err != nil {
		return err
	}
	actions := []string{"transitions", "expiration", "noncurrentVersionExpiration", "noncurrentVersionTransitions", "abortIncompleteMultipartUpload"}
	if !slices.ContainsFunc(actions, func(a string) bool { return !blank(rule[a]) }) {
		return refuse("InvalidRequest", fmt.Sprintf("At least one action needs to be specified in a rule: %q", id), lifecycleDoc)
	}
	filter := object(rule, "filter")
	if len(filter) > 1 {
		return refuse("MalformedXML", fmt.Sprintf("rule %q: a filter holds one condition; put several into filter.and", id), lifecycleDoc)
	}
	tagged := !blank(filter["tag"]) || !blank(object(filter, "and")["tags"])
	sized := present(filter, "objectSizeGreaterThan") || present(filter, "objectSizeLessThan") ||
		present(object(filter, "and"), "objectSizeGreaterThan") || present(object(filter, "and"), "objectSizeLessThan")
	if abort := object(rule, "abortIncompleteMultipartUpload"); len(abort) > 0 {
		if tagged || sized {
			return refuse("InvalidRequest", fmt.Sprintf("AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes: rule %q", id), lifecycleConflict)
		}
		if err := positiveDays(id, "AbortIncompleteMultipartUpload", abort, "daysAfterInitiation"); err != nil {
			return err
		}
	}
	expiration := object(rule, "expiration")
	if flag(expiration, "expiredObjectDeleteMarker", false) && (num(expiration, "days") > 0 || str(expiration, "date") != "") {
		return refuse("MalformedXML", fmt.Sprintf("rule %q: expiredObjectDeleteMarker cannot be combined with days or date", id), lifecycleDoc)
	}
	if flag(expiration, "expiredObjectDeleteMarker", false) && tagged {
		return refuse("InvalidRequest", fmt.Sprintf("ExpiredObjectDeleteMarker cannot be specified with Tags: rule %q", id), lifecycleDoc)
	}
	if !flag(expiration, "expiredObjectDeleteMarker", false) {
		if err := positiveDays(id, "Expiration", expiration, "days"); err != nil {
			return err
		}
	}
	noncurrent := object(rule, "noncurrentVersionExpiration")
	if err := positiveDays(id, "NoncurrentVersionExpiration", noncurrent, "noncurrentDays"); err != nil {
		return err
	}
	if n := num(noncurrent, "newerNoncurrentVersions"); n > 100 {
		return refuse("InvalidArgument", fmt.Sprintf("rule %q: newerNoncurrentVersions is at most 100", id), lifecycleDoc)
	}
	if err := s3CheckTransitions(id, "Transition", "days", objects(rule, "transitions"), expiration, "days"); err != nil {
		return err
	}
	return s3CheckTransitions(id, "NoncurrentVersionTransition", "noncurrentDays", objects(rule, "noncurrentVersionTransitions"), noncurrent, "noncurrentDays")
}

func positiveDays(id, action string, in props, property string) error {
	n, known := number(in[property])
	if known && (n <= 0 || n != float64(int(n))) {
		return refuse("InvalidArgument", fmt.Sprintf("'%s' for %s action must be a positive integer: rule %q", property, action, id), lifecycleDoc)
	}
	return nil
}

// s3CheckTransitions checks one waterfall of storage classes and the expiry at its end.
func s3CheckTransitions(id, action, property string, transitions []props, expiry props, expiryProperty string) error {
	type step struct {
		class string
		days  float64
		known bool
	}
	var steps []step
	for _, t := range transitions {
		class := str(t, "storageClass")
		if err := oneOf(t, "storageClass", "MalformedXML", lifecycleDoc, storageClasses...); err != nil {
			return err
		}
		if property == "days" && present(t, "date") && present(t, "days") {
			return refuse("MalformedXML", fmt.Sprintf("rule %q: a transition has days or a date, not both", id), lifecycleDoc)
		}
		days, known := number(t[property])
		known = known || !isUnknown(t[property]) && str(t, "date") == ""
		if days < 0 {
			return refuse("InvalidArgument", fmt.Sprintf("'%s' in %s action must be nonnegative: rule %q", property, action, id), lifecycleDoc)
		}
		if known && slices.Contains(infrequent, class) && days < infrequentDays {
			return refuse("InvalidArgument", fmt.Sprintf("'Days' in %s action must be greater than or equal to %d for storageClass '%s': rule %q, %v days",
				action, infrequentDays, class, id, days), transitionDoc)
		}
		for _, s := range steps {
			if s.class == class {
				return refuse("InvalidRequest", fmt.Sprintf("'StorageClass' must be different for '%s' actions in same 'Rule' with prefix: rule %q, %s", action, id, class), lifecycleDoc)
			}
		}
		steps = append(steps, step{class, days, known})
	}
	rank := func(s step) int { return slices.Index(storageClasses, s.class) }
	slices.SortStableFunc(steps, func(a, b step) int { return rank(a) - rank(b) })
	for i := 1; i < len(steps); i++ {
		before, after := steps[i-1], steps[i]
		if !before.known || !after.known {
			continue
		}
		gap := 0.0
		if slices.Contains(infrequent, before.class) {
			gap = infrequentDays
		}
		if after.days < before.days+gap || after.days == before.days {
			return refuse("InvalidArgument", fmt.Sprintf("'Days' in the '%s' action for StorageClass '%s' for rule %q must be %v days more than that for StorageClass '%s'",
				action, after.class, id, max(gap, 1), before.class), transitionDoc)
		}
	}
	end, known := number(expiry[expiryProperty])
	for _, s := range steps {
		if known && s.known && end <= s.days {
			return refuse("InvalidArgument", fmt.Sprintf("'Days' in the Expiration action for rule %q must be greater than 'Days' in the %s action: %v and %v days",
				id, action, end, s.days), lifecycleDoc)
		}
	}
	return nil
}
