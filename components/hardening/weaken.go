package hardening

import "fmt"

// weakening is an argument that asks for less than its default.
type weakening struct {
	field string
	says  string
}

type weakenings []weakening

func (w *weakenings) add(weaker bool, field, format string, values ...any) {
	if weaker {
		*w = append(*w, weakening{field, fmt.Sprintf(format, values...)})
	}
}

// Weakenings are the arguments that ask for less than the defaults, each with what it asks for. Those of hardenings that
// are in Existing are none.
func (a *AccountHardeningArgs) Weakenings() []string {
	found := []string{}
	for _, w := range a.weakenings() {
		found = append(found, w.field+": "+w.says)
	}
	return found
}

func (a *AccountHardeningArgs) weakenings() (all weakenings) {
	for _, row := range table {
		if row.weaker != nil && !a.exists(row.Name) {
			all = append(all, row.weaker(a)...)
		}
	}
	return all
}

func weakerPasswords(a *AccountHardeningArgs) (w weakenings) {
	p := a.PasswordPolicy
	w.add(p.minimumLength() < DefaultMinimumLength, "PasswordPolicy.MinimumLength", "%d is below %d", p.minimumLength(), DefaultMinimumLength)
	w.add(p.reusePrevention() < DefaultReusePrevention, "PasswordPolicy.ReusePrevention", "%d is below %d", p.reusePrevention(), DefaultReusePrevention)
	w.add(p.maxAge() > DefaultMaxAge, "PasswordPolicy.MaxAge", "%d days are more than %d", p.maxAge(), DefaultMaxAge)
	w.add(p.NeverExpire, "PasswordPolicy.NeverExpire", "passwords live for ever, not %d days", DefaultMaxAge)
	w.add(p.OmitLowercase, "PasswordPolicy.OmitLowercase", "passwords need no lower-case letter")
	w.add(p.OmitUppercase, "PasswordPolicy.OmitUppercase", "passwords need no upper-case letter")
	w.add(p.OmitNumbers, "PasswordPolicy.OmitNumbers", "passwords need no digit")
	w.add(p.OmitSymbols, "PasswordPolicy.OmitSymbols", "passwords need no symbol")
	return w
}

func weakerPublicAccess(a *AccountHardeningArgs) (w weakenings) {
	w.add(a.OmitPublicAccessBlock, "OmitPublicAccessBlock", "buckets can be public")
	return w
}

func weakerEncryption(a *AccountHardeningArgs) (w weakenings) {
	w.add(a.OmitEBSEncryption, "OmitEBSEncryption", "new EBS volumes can be unencrypted")
	return w
}

func weakerSnapshots(a *AccountHardeningArgs) (w weakenings) {
	state := a.snapshotPublicAccess()
	w.add(state != BlockAllSharing, "SnapshotPublicAccess", "%q is less than %q", state, BlockAllSharing)
	return w
}

func weakerImages(a *AccountHardeningArgs) (w weakenings) {
	state := a.imagePublicAccess()
	w.add(state != BlockNewSharing, "ImagePublicAccess", "%q is less than %q", state, BlockNewSharing)
	return w
}

func weakerMetadata(a *AccountHardeningArgs) (w weakenings) {
	m := a.InstanceMetadata
	w.add(m.tokens() != TokensRequired, "InstanceMetadata.Tokens", "%q is less than %q", m.tokens(), TokensRequired)
	w.add(m.hopLimit() > DefaultHopLimit, "InstanceMetadata.HopLimit", "%d hops are more than %d", m.hopLimit(), DefaultHopLimit)
	return w
}

func weakerConsole(a *AccountHardeningArgs) (w weakenings) {
	w.add(a.SerialConsole, "SerialConsole", "the serial console can be used")
	return w
}
