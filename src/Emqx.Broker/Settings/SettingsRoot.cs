namespace Emqx.Broker.Settings;

/// <summary>One root of the configuration: its present value, and word of every change.</summary>
/// <typeparam name="T">An immutable record with EMQX's fields.</typeparam>
internal sealed class SettingsRoot<T>(T initial) where T : class
{
    private readonly Lock _gate = new();
    private T _current = initial;

    /// <summary>The value in force. Read it once where two fields must agree.</summary>
    public T Current => Volatile.Read(ref _current);

    /// <summary>Told after the value has changed, with the old and the new one, one change at a time.</summary>
    public event Action<T, T>? Changed;

    /// <summary>Puts a new value in force. The caller has validated and stored it.</summary>
    public void Replace(T value)
    {
        lock (_gate)
        {
            var old = _current;
            Volatile.Write(ref _current, value);
            Changed?.Invoke(old, value);
        }
    }
}
