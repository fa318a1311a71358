from django.urls import path
from keyturn_drf import StillLoggedIn
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


@api_view(["GET"])
def orders(request):
    return Response({"person": request.user.id, "orders": ["one teapot"]})


@api_view(["POST"])
@permission_classes([IsAuthenticated, StillLoggedIn])
def pay(request):
    return Response({"person": request.user.id, "paid": True})


urlpatterns = [path("orders", orders), path("pay", pay)]
