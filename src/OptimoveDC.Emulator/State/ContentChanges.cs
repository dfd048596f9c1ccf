using System.Security.Cryptography;

namespace OptimoveDC.Emulator;

/// <summary>
/// Applies write requests to connections. Each is one step under the service's lock, so that the order of arrivals is the
/// order of application; parsing has happened before.
/// </summary>
internal sealed class ContentChanges(EmulatedService service, EmulatorOptions options)
{
    /// <summary>Applies an upload.</summary>
    /// <returns>How many records it carried, and its batch.</returns>
    /// <exception cref="Refusal">The request is refused; with <see cref="BadRequestScope.BadItemsOnly"/> its good items are in.</exception>
    public (int Count, Guid BatchId) Upload(EmulatedConnection connection, WriteRequest request, byte[] body, long sequence)
    {
        // Only a named batch can be closed twice.
        var hash = request is { BatchId: not null, Closes: true } ? SHA256.HashData(body) : null;
        lock (service.Gate)
        {
            var change = new Change(service, connection, request, sequence);
            var batch = request.BatchId is { } named ? service.FindBatch(named) : null;
            if (batch is not null && batch.Connection != connection)
            {
                change.LogAll(request.BatchId, accepted: false);
                throw Refusal.Content($"The batch {batch.Id} belongs to another data connection.");
            }

            if (batch is { Completed: true })
            {
                var repetition = hash is not null && hash.AsSpan().SequenceEqual(batch.ClosingHash);
                batch.CountAfterCompletion(repetition);
                if (repetition)
                {
                    change.LogAll(batch.Id, accepted: false);
                    return (batch.ClosingCount, batch.Id);
                }

                if (!options.AcceptRecordsAfterCompletion)
                {
                    change.LogAll(batch.Id, accepted: false);
                    throw Refusal.Content($"The batch {batch.Id} is already completed.");
                }
            }

            var faults = change.Faults();
            change.ThrowIfWhole(faults, options.BadRequestScope, request.BatchId);
            batch ??= service.AddBatch(request.BatchId ?? Guid.NewGuid(), connection);
            batch.CountRequest();
            var late = batch.Completed;
            foreach (var item in request.Items)
            {
                var good = item.Fault is null;
                change.Log(batch.Id, item, good);
                if (good && late)
                {
                    connection.Table.Put(item.Key, item.Value, request.TimeToLiveSeconds, change.Now, batch.Id);
                }
                else if (good)
                {
                    batch.Add(item, request.TimeToLiveSeconds);
                }
            }

            // A refused request closes no batch the client named: it will come again with what it has put right.
            if (!late && request.Closes && (request.BatchId is null || faults.Count == 0))
            {
                Complete(connection, batch, hash, request.Items.Count, change.Now);
            }

            change.ThrowIfAny(faults);
            return (request.Items.Count, batch.Id);
        }
    }

    /// <summary>Applies an update.</summary>
    /// <returns>How many items took effect.</returns>
    /// <exception cref="Refusal">The request is refused; with <see cref="BadRequestScope.BadItemsOnly"/> its good items are in.</exception>
    public int Update(EmulatedConnection connection, WriteRequest request, long sequence)
    {
        lock (service.Gate)
        {
            var change = new Change(service, connection, request, sequence);
            var absent = options.AbsentUpdate;
            var present = change.Present();
            var faults = change.Faults(absent == AbsentUpdate.BadRequest ? present : null);
            change.ThrowIfWhole(faults, options.BadRequestScope, batchId: null);
            var updated = 0;
            foreach (var item in request.Items)
            {
                var takes = item.Fault is null && (present[item.Index] || absent == AbsentUpdate.Insert);
                change.Log(batchId: null, item, takes);
                if (takes)
                {
                    connection.Table.Put(item.Key, item.Value, item.TimeToLiveSeconds, change.Now, batchId: null);
                    updated++;
                }
            }

            change.ThrowIfAny(faults);
            return updated;
        }
    }

    /// <summary>Applies a delete.</summary>
    /// <returns>How many records are gone; a key named twice counts once.</returns>
    /// <exception cref="Refusal">The request is refused; with <see cref="BadRequestScope.BadItemsOnly"/> its good items are in.</exception>
    public int Delete(EmulatedConnection connection, WriteRequest request, long sequence)
    {
        lock (service.Gate)
        {
            var change = new Change(service, connection, request, sequence);
            var present = change.Present();
            var faults = change.Faults(options.AbsentDelete == AbsentDelete.BadRequest ? present : null);
            change.ThrowIfWhole(faults, options.BadRequestScope, batchId: null);
            var deleted = 0;
            foreach (var item in request.Items)
            {
                var takes = item.Fault is null && present[item.Index];
                change.Log(batchId: null, item, takes);
                if (takes && connection.Table.Remove(item.Key, change.Now))
                {
                    deleted++;
                }
            }

            change.ThrowIfAny(faults);
            return deleted;
        }
    }

    private void Complete(EmulatedConnection connection, EmulatedBatch batch, byte[]? hash, int count, DateTimeOffset now)
    {
        if (options.BatchCompletion == BatchCompletion.Replace)
        {
            connection.Table.Clear();
        }

        foreach (var record in batch.Complete(hash, count))
        {
            connection.Table.Put(record.Key, record.Value, record.TimeToLiveSeconds, now, batch.Id);
        }
    }

    /// <summary>One request on its way into one connection, at one moment.</summary>
    private readonly struct Change(EmulatedService service, EmulatedConnection connection, WriteRequest request, long sequence)
    {
        public DateTimeOffset Now { get; } = service.Now;

        public void Log(Guid? batchId, RecordItem item, bool accepted) =>
            service.Log(sequence, connection, request.Operation, batchId, item, accepted);

        public void LogAll(Guid? batchId, bool accepted)
        {
            foreach (var item in request.Items)
            {
                Log(batchId, item, accepted);
            }
        }

        /// <summary>Which items' keys exist before the request changes anything.</summary>
        public bool[] Present()
        {
            var present = new bool[request.Items.Count];
            foreach (var item in request.Items)
            {
                present[item.Index] = item.Fault is null && connection.Table.Find(item.Key, Now) is not null;
            }

            return present;
        }

        /// <summary>What is wrong with the items, absent keys included where they count as wrong.</summary>
        public List<ItemFault> Faults(bool[]? mustBePresent = null)
        {
            var faults = new List<ItemFault>();
            foreach (var item in request.Items)
            {
                if (item.Fault is { } fault)
                {
                    faults.Add(fault);
                }
                else if (mustBePresent is not null && !mustBePresent[item.Index])
                {
                    object[] location = request.Operation == RecordOperation.Delete
                        ? ["body", "primary_keys", item.Index]
                        : ["body", item.Index, "primary_key"];
                    faults.Add(new(location, item.KeyJson, "does not exist in the data connection", "not_found"));
                }
            }

            return faults;
        }

        /// <summary>Refuses a request that is not to be applied at all.</summary>
        public void ThrowIfWhole(List<ItemFault> faults, BadRequestScope scope, Guid? batchId)
        {
            if (faults.Count > 0 && (scope == BadRequestScope.WholeRequest || faults.Count == request.Items.Count))
            {
                LogAll(batchId, accepted: false);
                ThrowIfAny(faults);
            }
        }

        public void ThrowIfAny(List<ItemFault> faults)
        {
            if (faults.Count > 0)
            {
                throw Refusal.Content(faults, request.Items.Count);
            }
        }
    }
}
