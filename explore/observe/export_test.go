package observe

// Contradicted tells whether a host sent what it could not have sent if all that
// was at the endpoint had been processed.
func (o *Observer) Contradicted() bool { return o.contradicted }
