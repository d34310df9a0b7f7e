namespace Pipeline.Scheduling.Prefect.Wire;

/// <param name="Status">One of <see cref="AnswerStatus"/>.</param>
/// <param name="State">The run's state now.</param>
internal sealed record StateAnswer(State? State, string Status, StateAnswerDetails? Details);
