#!/usr/bin/env python3
"""A product cloud in few lines: product_cloud.py SERVER PRODUCT STATE_FILE (docs/integrating.md)."""
import json, os, random, sys, time
import grpc
from arrears.v1 import enforcement_pb2 as api, enforcement_pb2_grpc, types_pb2 as types

server, product, path = sys.argv[1:]
stub = enforcement_pb2_grpc.EnforcementServiceStub(grpc.insecure_channel(server))
state = {"token": "", "accounts": {}}  # All that outlasts a crash.
if os.path.exists(path):
    state = json.load(open(path))

def save():
    with open(path + ".new", "w") as draft:
        json.dump(state, draft)
        draft.flush()
        os.fsync(draft.fileno())
    os.replace(path + ".new", path)

def act(told):
    """Makes it so. Doing it twice changes nothing; what is older than what was done is left."""
    if told.generation < state["accounts"].get(told.account_id, {"generation": 0})["generation"]:
        return
    # Here you start and stop, hide and erase. Then you remember that you have.
    state["accounts"][told.account_id] = {
        "generation": told.generation, "access": types.Access.Name(told.access), "owed": True,
        "features": {f.feature: types.Effect.Name(f.effect) for f in told.features},
        "erased": list(told.clear_categories)}
    print(told.account_id, told.generation, types.Access.Name(told.access), flush=True)

def report(account):
    stub.ReportObservedState(api.ReportObservedStateRequest(
        account_id=account, product=product,
        generation=state["accounts"][account]["generation"],
        cleared_categories=state["accounts"][account]["erased"]), timeout=30)
    state["accounts"][account]["owed"] = False

pause = 0.1
while True:
    try:
        for account in [name for name, mine in state["accounts"].items() if mine["owed"]]:
            report(account)  # What was stored before a crash.
        request = api.WatchDesiredStatesRequest(product=product, resume_token=state["token"])
        for told in stub.WatchDesiredStates(request):
            act(told)
            state["token"] = told.resume_token
            save()
            report(told.account_id)  # Only then.
            pause = 0.1
    except grpc.RpcError as failure:
        print(failure.code(), failure.details(), flush=True)
        if failure.code() == grpc.StatusCode.FAILED_PRECONDITION:  # RESUME_TOKEN_LOST
            state = {"token": "", "accounts": {}}
    time.sleep(random.uniform(pause, 2 * pause))
    pause = min(2 * pause, 10)
